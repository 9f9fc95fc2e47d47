"""« Qui a consulté »: what the journal says of the readings of one's documents, told to their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nomade.kernel.models import AuditEvent
from nomade.payslips.words import month_label
from nomade.people.models import Agent

_WORDS = {
    "payslip.viewed": "Bulletin ouvert",
    "payslip.downloaded": "Bulletin téléchargé",
    "payslip.amount_shown": "Net payé affiché",
    "payslip.evolution_viewed": "Évolution du net affichée",
    "payslip.several_downloaded": "Plusieurs bulletins téléchargés",
    "payslip.printed": "Bulletin imprimé pour l’envoi papier",
    "payslip.recalled": "Bulletin rappelé par la paie",
    "payslip.paper_chosen": "Choix du papier changé",
    "certificate.issued": "Attestation établie",
    "certificate.downloaded": "Attestation téléchargée",
    "certificate.checked": "Attestation vérifiée par son code",
    "certificate.revoked": "Attestation révoquée",
    "certificate.settings_changed": "Réglages d’une attestation changés",
    "document.deposited": "Document déposé dans votre dossier",
    "document.viewed": "Document ouvert",
    "document.downloaded": "Document téléchargé",
    "document.acknowledged": "Lecture d’un document confirmée",
    "document.provided": "Document fourni",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One line: what, when, by whom and in which role."""

    what: str
    detail: str
    at: datetime
    who: str
    role: str


def events_about(agent: Agent) -> QuerySet[AuditEvent]:
    """The readings of an agent's documents, latest first."""
    return AuditEvent.objects.filter(Q(event__in=_WORDS), subject_id=agent.pk).order_by("-id")


def told(agent: Agent, events: list[AuditEvent]) -> list[Reading]:
    """Events as lines; names in one query."""
    actors = {event.actor_id for event in events} - {None, agent.pk}
    names = {other.pk: other.full_name for other in Agent.objects.filter(pk__in=actors)}
    lines = []
    for event in events:
        if event.actor_id == agent.pk:
            who, role = _("Vous"), ""
        elif event.actor_id is None:
            who, role = _("Quelqu’un qui avait le code"), _("sans compte")
        else:
            who, role = names.get(event.actor_id, _("Ancien agent")), str(event.facts.get("role", ""))
        period = str(event.facts.get("period") or "")
        detail = _month(period) if period else str(event.facts.get("title") or event.facts.get("number") or "")
        lines.append(Reading(_WORDS[event.event], detail, event.at, who, role))
    return lines


def _month(period: str) -> str:
    """`octobre 2026` for the `2026-10` of the journal."""
    return month_label(date.fromisoformat(f"{period}-01"))
