"""What an HR officer of the demo city follows: contracts that end, licences, requests of several services."""

from __future__ import annotations

import uuid
from datetime import timedelta

from nomade.certificates.models import CertificateRequest, HumanKind
from nomade.certificates.requests import ask as ask_certificate
from nomade.certificates.requests import promise
from nomade.demo.personal_files import waiting_address
from nomade.kernel.clock import now, today
from nomade.leave.actions import submit_leave
from nomade.leave.models import LeaveType
from nomade.leave.rules.periods import Period
from nomade.people.models import Agent, Status
from nomade.personnel_file.models import Title

SOPHIE = "sophie.laurent"


def fill_portfolio(personas: dict[str, Agent]) -> int:
    """Ends of contract, licences, changes, sick leave and certificates asked around Sophie; how many of these last."""
    sophie, day = personas[SOPHIE], today()
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
    for agent in followed[3:7]:
        waiting_address(agent)
    illness = LeaveType.objects.on(day).get(code="MALADIE")
    for agent in followed[7:10]:
        submit_leave(agent, illness, Period(day, day + timedelta(days=4)))
    for place, agent in enumerate(followed):
        kind = HumanKind(HumanKind.values[place % len(HumanKind.values)])
        key = ask_certificate(agent, kind, comment="", token=str(uuid.uuid4()))
        asked = now() - timedelta(days=7 + place)
        CertificateRequest.objects.filter(pk=key).update(submitted_at=asked, promised_on=promise(asked.date()))
    return len(followed)
