"""What time does to tickets: reminders, escalation, closing of what nobody follows any more."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from nomade.cases.conversing import Chased
from nomade.kernel.clock import now
from nomade.support.actions.tickets import DESK
from nomade.support.models import Ticket
from nomade.support.promises import calendar_around
from nomade.support.rules.hours import due_after


def chase() -> Chased:
    """Reminds the desk before a due time, tells all once it is past, reminds agents, closes. Safe to run twice."""
    moment = now()
    soon = due_after(moment, timedelta(hours=settings.NOMADE.support_reminder_hours), calendar_around(moment))
    waiting = Ticket.objects.waiting()
    return DESK.chase(
        late=waiting.filter(due_at__lt=moment),
        soon=[waiting.filter(due_at__range=(moment, soon))],
        remind_after=timedelta(days=settings.NOMADE.support_pending_days),
        close_after=timedelta(days=settings.NOMADE.support_closing_days),
        moment=moment,
    )
