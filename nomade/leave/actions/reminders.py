"""Requests that wait too long: the decider is reminded, then the N+2 may answer, before silence is a refusal."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.office_days import due_soon
from nomade.kernel.clock import PARIS, now, today
from nomade.leave.access import KIND, deciders_at_step, hr_of
from nomade.leave.actions.talking import REMINDER
from nomade.leave.actions.telling import remind_replacement, tell_deciders
from nomade.leave.facts import current_law
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.circuits import SUPERVISOR, escalation_due, reminder_due
from nomade.leave.rules.decisions import silence_becomes_refusal
from nomade.leave.rules.parameters import Law
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify_many


def remind_and_escalate() -> int:
    """Goes through what waits, every morning; returns how many were reminded or passed on. Runs twice safely."""
    law = current_law()
    soon = due_soon(today())
    late = LeaveRequest.objects.pending().filter(promised_on__lte=soon, escalated_at__isnull=True)
    return sum(_chase(request_id, law, soon) for request_id in late.values_list("pk", flat=True))


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
def _chase(request_id: uuid.UUID, law: Law, soon: date) -> bool:
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
    if reminder_due(leave.promised_on, soon, leave.reminded_at is not None):
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
