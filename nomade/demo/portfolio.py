"""What an HR officer of the demo city follows: contracts that end, letters to send, requests of several services."""

from __future__ import annotations

import uuid
from datetime import timedelta

from nomade.administration.portfolio.actions import save_template
from nomade.certificates.models import CertificateRequest, HumanKind
from nomade.certificates.requests import ask as ask_certificate
from nomade.kernel.clock import now, today
from nomade.people.models import Agent, Status
from nomade.personnel_file.models import Title

SOPHIE = "sophie.laurent"
_END = """{civilite} {nom},

Votre contrat arrive à son terme le {fin_contrat}. Nous vous proposons un rendez-vous pour préparer la suite :
renouvellement, droits, documents de fin de contrat.

Posez vos questions depuis « Poser une question », dans le portail."""
_VISIT = """{civilite} {nom},

Votre visite médicale périodique est à prévoir. Le service de médecine préventive vous proposera une date ; elle est
prise sur votre temps de travail."""
LETTERS = (("Fin de votre contrat", _END), ("Visite médicale périodique", _VISIT))


def fill_portfolio(personas: dict[str, Agent]) -> int:
    """Letters, ends of contract, licences and requests of certificates around Sophie; how many of these."""
    sophie, day = personas[SOPHIE], today()
    for title, body in LETTERS:
        save_template(
            None, title=title, body=body, signature="Le bureau des ressources humaines", active=True, by=sophie
        )
    near = Agent.objects.present(day).filter(assignments__unit__path__startswith="DEVE").exclude(pk=sophie.pk)
    near = near.exclude(pk__in=[agent.pk for agent in personas.values()])
    hired = near.filter(situations__status=Status.CONTRACTUEL).order_by("pk")[:4]
    for place, agent in enumerate(hired):
        agent.exit_date = day + timedelta(days=25 + 30 * place)
        agent.save(update_fields=["exit_date"])
    followed = list(near.order_by("-pk")[:12])
    for place, agent in enumerate(followed[:3]):
        Title.objects.create(
            agent=agent, kind="permis", label="Permis C (poids lourd)", obtained_on=day - timedelta(days=1800),
            expires_on=day + timedelta(days=12 + 25 * place),
        )  # fmt: skip
    for place, agent in enumerate(followed):
        kind = HumanKind(HumanKind.values[place % len(HumanKind.values)])
        key = ask_certificate(agent, kind, comment="", token=str(uuid.uuid4()))
        asked = now() - timedelta(days=place)
        promised = (asked + timedelta(days=7)).date()
        CertificateRequest.objects.filter(pk=key).update(submitted_at=asked, promised_on=promised)
    return len(followed)
