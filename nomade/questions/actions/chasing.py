"""What time does to questions: reminders, escalation, closing of what nobody follows any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.dialogues import DialogueStatus
from nomade.cases.lists import each_locked
from nomade.kernel.clock import PARIS, now
from nomade.notifications.actions import notify, notify_many
from nomade.questions.actions.questions import KIND, close, told_of
from nomade.questions.calendars import calendar_around
from nomade.questions.models import Office, Question
from nomade.questions.rules.promises import reminder_due


@dataclass
class Chased:
    """What one run did."""

    reminded: int = 0
    escalated: int = 0
    closed: int = 0


def chase() -> Chased:
    """Reminds before the promised day, tells all once it is past, reminds agents, closes. Safe to run twice."""
    moment = now()
    day = moment.astimezone(PARIS).date()
    pending = moment - timedelta(days=settings.NOMADE.questions_pending_days)
    ending = moment - timedelta(days=settings.NOMADE.questions_closing_days)
    done = Chased()
    late = Question.objects.late(day).filter(escalated_at__isnull=True)
    done.escalated = each_locked(late, _escalate, moment)
    for office in Office.objects.all():
        days = calendar_around(office, day)
        soon = days.after(day, settings.NOMADE.questions_reminder_days)
        if reminder_due(soon, day, settings.NOMADE.questions_reminder_days, days):
            near = Question.objects.waiting().filter(
                office=office, promised_on__range=(day, soon), reminded_at__isnull=True
            )
            done.reminded += each_locked(near, _remind_office, moment)
    silent = Question.objects.filter(status=DialogueStatus.PENDING)
    unheard = silent.filter(paused_at__lt=pending, reminded_at__isnull=True)
    done.reminded += each_locked(unheard, _remind_agent, moment)
    done.closed = each_locked(silent.filter(paused_at__lt=ending), _close, moment)
    answered = Question.objects.filter(status=DialogueStatus.SOLVED, solved_at__lt=ending)
    done.closed += each_locked(answered, _close, moment)
    return done


def _escalate(question: Question, moment: datetime) -> None:
    question.escalated_at = moment
    question.save(update_fields=["escalated_at"])
    timeline.note(KIND, question.pk, "escalated", actor=None)
    told = {officer.pk: officer for officer in told_of(question)}
    for one in (question.assignee, question.office.lead):
        if one is not None and one.pk != question.owner_id:
            told[one.pk] = one
    notify_many(
        told.values(),
        kind="question.late",
        title=_("%(reference)s est en retard") % {"reference": question.reference},
        url=question.get_absolute_url(),
        email=False,
    )


def _remind_office(question: Question, moment: datetime) -> None:
    question.reminded_at = moment
    question.save(update_fields=["reminded_at"])
    notify_many(
        [question.assignee] if question.assignee else told_of(question),
        kind="question.soon_due",
        title=_("%(reference)s attend une réponse très bientôt") % {"reference": question.reference},
        url=question.get_absolute_url(),
        email=False,
    )


def _remind_agent(question: Question, moment: datetime) -> None:
    question.reminded_at = moment
    question.save(update_fields=["reminded_at"])
    timeline.note(KIND, question.pk, "reminded", actor=None)
    notify(
        question.owner,
        kind="question.reminder",
        title=_("%(office)s attend toujours votre réponse (%(reference)s)")
        % {"office": question.office.label, "reference": question.reference},
        url=question.get_absolute_url(),
    )


def _close(question: Question, _moment: datetime) -> None:
    close(question, by=None)
