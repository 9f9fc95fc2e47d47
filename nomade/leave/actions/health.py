"""The exact kind of a health absence: sealed, written and read by HR of the perimeter only, readings in the journal.

Domain § 7.1: the request itself carries a coarse type; this says CMO, CLM, CITIS… and the days of the paper. Never a
diagnosis: there is no field for one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.months import add_months
from nomade.leave.access import manages
from nomade.leave.facts import current_law
from nomade.leave.models import Group, HealthLeave, LeaveRequest
from nomade.leave.rules.health import Lateness, lateness, unpaid_days
from nomade.leave.rules.parameters import Law
from nomade.people.models import Agent

KINDS = {
    "initial": _("congé de maladie ordinaire, arrêt initial"),
    "prolongation": _("congé de maladie ordinaire, prolongation"),
    "ald": _("congé de maladie ordinaire, affection de longue durée"),
    "clm": _("congé de longue maladie"),
    "cld": _("congé de longue durée"),
    "cgm": _("congé de grave maladie"),
    "citis": _("congé pour invalidité temporaire imputable au service"),
    "grossesse": _("arrêt lié à la grossesse déclarée"),
    "deces_enfant": _("arrêt après le décès d’un enfant"),
}


@dataclass(frozen=True)
class HealthFacts:
    """What HR needs to pay an arrêt, and what follows from it."""

    kind: str
    issued_on: date
    received_on: date
    unpaid_days: int
    lateness: Lateness

    @property
    def words(self) -> str:
        return str(KINDS[self.kind])


@transaction.atomic
def write_health(
    leave: LeaveRequest, kind: str, *, issued_on: date, received_on: date, by: Agent, http: HttpRequest | None = None
) -> HealthLeave:
    """Writes or rewrites the exact kind. Raises Http404 for anybody but HR of the perimeter, ValueError for no kind."""
    _check(leave, by)
    if kind not in KINDS or received_on < issued_on:
        raise ValueError("not a kind of health leave, or received before it was issued")
    facts = {"kind": kind, "issued_on": issued_on.isoformat(), "received_on": received_on.isoformat()}
    sealed = seal(json.dumps(facts).encode(), context=context_of(leave))
    written, _created = HealthLeave.objects.update_or_create(
        request=leave, defaults={"sealed": sealed, "written_by": by, "written_at": now()}
    )
    audit.record("leave.health_written", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)
    return written


def read_health(leave: LeaveRequest, *, by: Agent, http: HttpRequest | None = None) -> HealthFacts | None:
    """The exact kind, or None while nobody wrote it. Raises Http404 for anybody but HR of the perimeter."""
    _check(leave, by)
    written = HealthLeave.objects.filter(request=leave).first()
    if written is None:
        return None
    audit.record("leave.health_read", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)
    facts = _unsealed(written, leave)
    issued, received = date.fromisoformat(facts["issued_on"]), date.fromisoformat(facts["received_on"])
    law = current_law()
    return HealthFacts(
        facts["kind"],
        issued,
        received,
        unpaid_days(facts["kind"], on=leave.first_day, law=law),
        lateness(issued, received, late_before=_late_before(leave, issued, law), law=law),
    )


def _unsealed(written: HealthLeave, leave: LeaveRequest) -> dict[str, str]:
    facts: dict[str, str] = json.loads(unseal(bytes(written.sealed), context=context_of(leave)))
    return facts


def _late_before(leave: LeaveRequest, issued: date, law: Law) -> bool:
    """Whether another arrêt of the same agent was sent late in the 24 months before (décret 87-602 art. 15)."""
    since = add_months(issued, -law.number("sickness.late_months", issued))
    others = HealthLeave.objects.filter(request__owner=leave.owner_id, request__last_day__gte=since)
    for other in others.exclude(request=leave).select_related("request"):
        facts = _unsealed(other, other.request)
        when, sent = date.fromisoformat(facts["issued_on"]), date.fromisoformat(facts["received_on"])
        if since <= when < issued and lateness(when, sent, late_before=False, law=law).late:
            return True
    return False


def _check(leave: LeaveRequest, by: Agent) -> None:
    if leave.leave_type.group != Group.HEALTH or not manages(by, leave):
        raise Http404


def context_of(leave: LeaveRequest) -> bytes:
    """What the sealed value is bound to: this absence of this agent."""
    return f"leave.health:{leave.pk}:{leave.owner_id}".encode()
