"""What time does to questions: reminders, escalation, closing of what nobody follows any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from nomade.cases.conversing import Chased
from nomade.kernel.clock import PARIS, now
from nomade.questions.actions.questions import DESK
from nomade.questions.calendars import calendar_around
from nomade.questions.models import Office, Question, QuestionQuerySet
from nomade.questions.rules.promises import reminder_due


def chase() -> Chased:
    """Reminds before the promised day, tells all once it is past, reminds agents, closes. Safe to run twice."""
    moment = now()
    day = moment.astimezone(PARIS).date()
    return DESK.chase(
        late=Question.objects.late(day),
        soon=_soon(day),
        remind_after=timedelta(days=settings.NOMADE.questions_pending_days),
        close_after=timedelta(days=settings.NOMADE.questions_closing_days),
        moment=moment,
    )


def _soon(day: date) -> Iterator[QuestionQuerySet]:
    """The questions of each office whose promised day comes near, in its own working days."""
    for office in Office.objects.all():
        days = calendar_around(office, day)
        soon = days.after(day, settings.NOMADE.questions_reminder_days)
        if reminder_due(soon, day, settings.NOMADE.questions_reminder_days, days):
            yield Question.objects.waiting().filter(office=office, promised_on__range=(day, soon))
