"""What passes between the portal and the employer's time system: requests told once, refusals read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseEvent, CaseState
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.leave.access import KIND
from nomade.leave.actions.ledger import give_back
from nomade.leave.models import LeaveRequest, TimeAction, TimeAnswer, TimeExport, TimeLine
from nomade.leave.time_system import Answer, due_lines
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import deciders_for
from nomade.people.models import Agent


@transaction.atomic
def export_requests(*, by: Agent | None = None, http: HttpRequest | None = None) -> TimeExport:
    """Tells the time system what it does not know yet. Raises Refusal when there is nothing to tell: no double."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.time_export'))")
    due = due_lines()
    if not due:
        raise Refusal(_("Il n’y a rien à transmettre : tout ce qui est validé l’est déjà."))
    export = TimeExport.objects.create(author=by)
    TimeLine.objects.bulk_create(
        [
            TimeLine(
                export=export,
                request_id=line.request_id,
                action=line.action,
                counter=line.counter,
                year=line.year,
                half_days=line.half_days,
            )
            for line in due
        ],
        batch_size=2000,
    )
    taken = {line.request_id for line in due if line.action == TimeAction.TAKE}
    CaseEvent.objects.bulk_create(
        [CaseEvent(kind=KIND, case_id=pk, event="time_told", actor=by) for pk in taken], batch_size=2000
    )
    audit.record(
        "leave.time_exported",
        actor=by.pk if by else None,
        subject=None,
        request=http,
        export=export.pk,
        lines=len(due),
    )
    return export


@dataclass
class Read:
    """What came of the answers: how many accepted and refused, and the lines that could not be read."""

    accepted: int = 0
    refused: int = 0
    already: int = 0
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def take_answers(answers: Iterable[Answer], *, by: Agent | None = None, http: HttpRequest | None = None) -> Read:
    """Keeps what the time system answered; a refusal gives the days back and says why to the agent and the supervisor.

    Read again, the same file changes nothing.
    """
    read = Read()
    for answer in answers:
        _take(answer, read, by)
    audit.record(
        "leave.time_answers",
        actor=by.pk if by else None,
        subject=None,
        request=http,
        accepted=read.accepted,
        refused=read.refused,
    )
    return read


def _take(answer: Answer, read: Read, by: Agent | None) -> None:
    found = LeaveRequest.objects.select_for_update(of=("self",)).select_related("owner", "leave_type")
    told = TimeLine.objects.filter(request__reference=answer.reference)
    leave = found.filter(reference=answer.reference).first() if told.exists() else None
    if leave is None:
        read.problems.append(
            _("%(reference)s : cette demande n’a pas été transmise.") % {"reference": answer.reference}
        )
        return
    if TimeAnswer.objects.filter(request=leave).exists():
        read.already += 1
        return
    TimeAnswer.objects.create(request=leave, accepted=answer.accepted, reason=answer.reason)
    if answer.accepted:
        read.accepted += 1
        timeline.note(KIND, leave.pk, "time_accepted", actor=by)
    else:
        read.refused += 1
        _refuse(leave, answer, by)


def _refuse(leave: LeaveRequest, answer: Answer, by: Agent | None) -> None:
    timeline.note(KIND, leave.pk, "time_refused", actor=by, detail=answer.reason)
    if leave.state != CaseState.APPROVED:
        return
    give_back(leave, author=by or leave.owner)
    leave.state, leave.decision_reason = CaseState.REFUSED, answer.reason
    leave.version += 1
    leave.save(update_fields=["state", "decision_reason", "version"])
    audit.record("leave.time_refused", actor=by.pk if by else None, subject=leave.owner_id, reference=leave.reference)
    when = period_phrase(leave.period)
    notify(
        leave.owner,
        kind="leave.refused",
        title=_("Le système de temps refuse votre absence %(period)s") % {"period": when},
        body=answer.reason,
        url=leave.get_absolute_url(),
    )
    notify_many(
        deciders_for(leave.owner),
        kind="leave.time_refused",
        title=_("Le système de temps refuse l’absence de %(name)s %(period)s")
        % {"name": leave.owner.full_name, "period": when},
        url=leave.get_absolute_url(),
    )
