"""Requests that wait too long: the decider is reminded, then the N+2 may answer, before silence is a refusal."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.kernel import audit
from nomade.kernel.clock import PARIS, now, today
from nomade.kernel.errors import Refusal
from nomade.leave.access import deciders_at_step, hr_of
from nomade.leave.actions.requests import KIND
from nomade.leave.actions.telling import remind_replacement, tell_deciders
from nomade.leave.facts import current_law
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.circuits import SUPERVISOR, escalation_due, reminder_due
from nomade.leave.rules.decisions import silence_becomes_refusal
from nomade.leave.rules.parameters import Law
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify_many

# At most one reminder in this time, whoever asks for it.
BETWEEN_REMINDERS = timedelta(days=2)
REMINDER = gettext_lazy("Rappel : %(name)s attend votre réponse pour une absence %(period)s")


def remind_and_escalate() -> int:
    """Goes through what waits, every morning; returns how many were reminded or passed on. Runs twice safely."""
    law = current_law()
    horizon = today() + timedelta(days=1)
    late = LeaveRequest.objects.pending().filter(promised_on__lte=horizon, escalated_at__isnull=True)
    return sum(_chase(request_id, law) for request_id in late.values_list("pk", flat=True))


def may_remind(leave: LeaveRequest) -> bool:
    """Whether its owner may remind the deciders: the promised day has come, and nobody was reminded these days."""
    promised, reminded = leave.promised_on, leave.reminded_at
    return (
        leave.state == CaseState.SUBMITTED
        and promised is not None
        and promised <= today()
        and (reminded is None or now() - reminded >= BETWEEN_REMINDERS)
    )


@transaction.atomic
def remind_deciders(leave: LeaveRequest, *, http: HttpRequest | None = None) -> None:
    """The owner reminds those who should have answered. Raises Refusal when it is too early, or just done."""
    leave = LeaveRequest.objects.select_for_update(of=("self",)).select_related("owner", "leave_type").get(pk=leave.pk)
    if not may_remind(leave):
        raise Refusal(_("Un rappel part une fois la date promise passée, puis tous les deux jours au plus."))
    leave.reminded_at = now()
    leave.save(update_fields=["reminded_at"])
    timeline.note(KIND, leave.pk, "reminded", actor=leave.owner)
    audit.record(
        "leave.reminded", actor=leave.owner_id, subject=leave.owner_id, request=http, reference=leave.reference
    )
    tell_deciders(leave, "leave.reminder", str(REMINDER))


@transaction.atomic
def remind_replacements() -> int:
    """Those who stand in for somebody are told again some days before; returns how many. Runs twice safely."""
    day = today()
    until = day + timedelta(days=current_law().number("replacement.remind_days", day))
    near = LeaveRequest.objects.approved().filter(
        replacement__isnull=False, replacement_reminded_at__isnull=True, first_day__gt=day, first_day__lte=until
    )
    waiting = list(near.select_for_update(of=("self",), skip_locked=True).select_related("owner", "replacement"))
    for leave in waiting:
        leave.replacement_reminded_at = now()
        leave.save(update_fields=["replacement_reminded_at"])
        remind_replacement(leave)
    return len(waiting)


@transaction.atomic
def _chase(request_id: uuid.UUID, law: Law) -> bool:
    waiting = LeaveRequest.objects.select_for_update(of=("self",), skip_locked=True).pending()
    leave = waiting.filter(pk=request_id, escalated_at__isnull=True).select_related("owner", "leave_type").first()
    if leave is None or leave.promised_on is None:
        return False
    day = today()
    silence = silence_becomes_refusal(leave.submitted_at.astimezone(PARIS).date(), law)
    before = law.number("request.escalation_days_before_silence", day)
    if escalation_due(leave.promised_on, silence, day, days_before_silence=before):
        _escalate(leave)
        return True
    if reminder_due(leave.promised_on, day, leave.reminded_at is not None):
        leave.reminded_at = now()
        leave.save(update_fields=["reminded_at"])
        timeline.note(KIND, leave.pk, "reminded", actor=None)
        tell_deciders(leave, "leave.reminder", str(REMINDER))
        return True
    return False


def _escalate(leave: LeaveRequest) -> None:
    """The N+2 may answer too; HR is told when there is nobody above, or when HR itself is late."""
    told_before = {agent.pk for agent in deciders_at_step(leave)}
    leave.escalated_at = now()
    leave.save(update_fields=["escalated_at"])
    timeline.note(KIND, leave.pk, "escalated", actor=None)
    above = [agent for agent in deciders_at_step(leave) if agent.pk not in told_before]
    people = above if leave.waits_for == SUPERVISOR and above else hr_of(leave.owner)
    notify_many(
        people,
        kind="leave.escalated",
        title=_("Sans réponse dans le délai : %(name)s demande une absence %(period)s")
        % {"name": leave.owner.full_name, "period": period_phrase(leave.period)},
        url=leave.get_absolute_url(),
    )
