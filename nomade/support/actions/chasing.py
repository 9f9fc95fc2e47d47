"""What time does to tickets: reminders, escalation, closing of what nobody follows any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.lists import each_locked
from nomade.kernel.clock import now
from nomade.notifications.actions import notify, notify_many
from nomade.support.actions.tickets import KIND, close, colleagues
from nomade.support.models import Ticket, TicketStatus
from nomade.support.promises import calendar_around
from nomade.support.rules.hours import due_after


@dataclass
class Chased:
    """What one run did."""

    reminded: int = 0
    escalated: int = 0
    closed: int = 0


def chase() -> Chased:
    """Reminds the desk before a due time, tells all once it is past, reminds agents, closes. Safe to run twice."""
    moment = now()
    soon = due_after(moment, timedelta(hours=settings.NOMADE.support_reminder_hours), calendar_around(moment))
    pending = moment - timedelta(days=settings.NOMADE.support_pending_days)
    ending = moment - timedelta(days=settings.NOMADE.support_closing_days)
    waiting = Ticket.objects.waiting()
    done = Chased()
    done.escalated = each_locked(waiting.filter(due_at__lt=moment, escalated_at__isnull=True), _escalate, moment)
    done.reminded = each_locked(
        waiting.filter(due_at__range=(moment, soon), reminded_at__isnull=True), _remind_desk, moment
    )
    silent = Ticket.objects.filter(status=TicketStatus.PENDING)
    done.reminded += each_locked(silent.filter(paused_at__lt=pending, reminded_at__isnull=True), _remind_agent, moment)
    done.closed = each_locked(silent.filter(paused_at__lt=ending), _close, moment)
    solved = Ticket.objects.filter(status=TicketStatus.SOLVED, solved_at__lt=ending)
    done.closed += each_locked(solved, _close, moment)
    return done


def _escalate(ticket: Ticket, moment: datetime) -> None:
    ticket.escalated_at = moment
    ticket.save(update_fields=["escalated_at"])
    timeline.note(KIND, ticket.pk, "escalated", actor=None)
    told = {agent.pk: agent for agent in colleagues(ticket, but=ticket.owner)}
    if ticket.assignee:
        told[ticket.assignee.pk] = ticket.assignee
    notify_many(
        told.values(),
        kind="ticket.late",
        title=_("%(reference)s est en retard") % {"reference": ticket.reference},
        url=ticket.get_absolute_url(),
        email=False,
    )


def _remind_desk(ticket: Ticket, moment: datetime) -> None:
    ticket.reminded_at = moment
    ticket.save(update_fields=["reminded_at"])
    told = [ticket.assignee] if ticket.assignee else colleagues(ticket, but=ticket.owner)
    notify_many(
        told,
        kind="ticket.soon_due",
        title=_("%(reference)s attend une réponse très bientôt") % {"reference": ticket.reference},
        url=ticket.get_absolute_url(),
        email=False,
    )


def _remind_agent(ticket: Ticket, moment: datetime) -> None:
    ticket.reminded_at = moment
    ticket.save(update_fields=["reminded_at"])
    timeline.note(KIND, ticket.pk, "reminded", actor=None)
    notify(
        ticket.owner,
        kind="ticket.reminder",
        title=_("Le support attend toujours votre réponse (%(reference)s)") % {"reference": ticket.reference},
        url=ticket.get_absolute_url(),
    )


def _close(ticket: Ticket, _moment: datetime) -> None:
    close(ticket, by=None)
