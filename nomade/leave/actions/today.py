"""« Je ne viens pas aujourd’hui »: told at once; the type and its document come later."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.access import KIND
from nomade.leave.actions.requests import submit_leave
from nomade.leave.models import LIVING_STATES, LeaveRequest, LeaveType
from nomade.leave.rules.circuits import UNSPECIFIED
from nomade.leave.rules.periods import Half, Period
from nomade.people.models import Agent


def announce_absence(agent: Agent, *, since: Half = Half.MORNING, http: HttpRequest | None = None) -> LeaveRequest:
    """Tells the supervisor that an agent does not come today, from a half of the day on."""
    day = today()
    unknown = LeaveType.objects.on(day).get(code=UNSPECIFIED)
    return submit_leave(agent, unknown, Period(day, day, since), http=http)


@transaction.atomic
def specify_leave(
    leave: LeaveRequest,
    leave_type: LeaveType,
    period: Period,
    *,
    documents: Sequence[CheckedFile] = (),
    http: HttpRequest | None = None,
) -> LeaveRequest:
    """Says what an announced absence was: a request of that type takes its place, with its own rules and circuit.

    Raises Refusal when it was specified or cancelled meanwhile, or when a rule of the type says no.
    """
    leave = LeaveRequest.objects.select_for_update(of=("self",)).select_related("owner", "leave_type").get(pk=leave.pk)
    if leave.leave_type.code != UNSPECIFIED or leave.state not in LIVING_STATES:
        raise Refusal(_("Cette absence est déjà précisée ou annulée."))
    leave.state, leave.waits_for = CaseState.CANCELLED, ""
    leave.version += 1
    leave.save(update_fields=["state", "waits_for", "version"])
    timeline.note(KIND, leave.pk, "specified", actor=leave.owner)
    audit.record(
        "leave.specified", actor=leave.owner_id, subject=leave.owner_id, request=http, reference=leave.reference
    )
    return submit_leave(leave.owner, leave_type, period, documents=documents, replaces=leave, http=http)
