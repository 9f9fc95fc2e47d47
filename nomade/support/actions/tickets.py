"""Tickets: opened by an agent, answered by a technician, solved, closed. Each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases.conversing import Desk
from nomade.cases.dialogues import DialogueStatus, Moved
from nomade.cases.references import new_reference
from nomade.files.uploads import CheckedFile
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent
from nomade.support.access import is_technician, technicians
from nomade.support.models import Category, Priority, Team, Ticket
from nomade.support.promises import calendar_around, due_for, promise
from nomade.support.rules.hours import due_after_pause, due_for_another_promise


class SupportDesk(Desk[Ticket]):
    """The technicians."""

    kind = "ticket"
    rows = Ticket.objects
    after_answer = DialogueStatus.OPEN
    joined = ("owner", "category")
    columns = ("category", "team", "priority", "due_at")

    @property
    def thing(self) -> str:
        return _("demande")

    def named(self, case: Ticket) -> str:
        return _("Le support")

    def told_of(self, case: Ticket) -> list[Agent]:
        """Its team, or everybody of the desk when it has none."""
        members: list[Agent] = list(case.team.members.all()) if case.team else []
        at_work = {technician.pk: technician for technician in technicians()}
        told = [member for member in members if member.pk in at_work] or list(at_work.values())
        return [technician for technician in told if technician.pk != case.owner_id]

    def may_handle(self, agent: Agent, case: Ticket) -> bool:
        return is_technician(agent)

    def about(self, case: Ticket) -> str:
        return case.category.label

    def is_late(self, case: Ticket) -> bool:
        return case.is_waiting and case.due_at <= now()

    def moved(self, case: Ticket, done: Moved, moment: datetime) -> None:
        """The clock stops while the desk waits for the agent, and starts again after."""
        if done.paused_since is not None:
            case.due_at = due_after_pause(case.due_at, done.paused_since, moment, calendar_around(moment))
        if done.reopened:
            case.due_at = due_for(case.priority, moment)

    def refuse_opinion(self, case: Ticket) -> None:
        if not case.is_over:
            raise Refusal(_("Votre avis se donne une fois la demande résolue."))

    def answered(self, case: Ticket, then: DialogueStatus) -> str:
        solved = then == DialogueStatus.SOLVED
        return _("Votre demande est résolue (%(reference)s)") if solved else super().answered(case, then)


DESK = SupportDesk()
KIND = DESK.kind
index = DESK.index
answer = DESK.answer
write_note = DESK.write_note
reply = DESK.reply
assign = DESK.assign
close = DESK.close
rate = DESK.rate


@transaction.atomic
def open_ticket(
    agent: Agent,
    *,
    category: Category,
    subject: str,
    text: str,
    files: Iterable[CheckedFile] = (),
    blocking: bool = False,
    page: str = "",
    error_reference: str = "",
    http: HttpRequest | None = None,
) -> Ticket:
    """Opens a ticket: its number, its first message, its due time; the team is told.

    `blocking` says that the agent cannot work: the ticket is at least of high priority.
    """
    moment = now()
    priority = min(category.priority, Priority.HIGH) if blocking else category.priority
    ticket = Ticket.objects.create(
        reference=new_reference(),
        owner=agent,
        submitted_at=moment,
        category=category,
        team=category.team,
        priority=priority,
        subject=subject,
        page=page[:300],
        error_reference=error_reference[:16],
        due_at=due_for(priority, moment),
    )
    return DESK.opened(ticket, text=text, files=files, http=http)


@transaction.atomic
def sort(
    ticket: Ticket,
    *,
    by: Agent,
    category: Category,
    team: Team | None,
    priority: Priority,
    http: HttpRequest | None = None,
) -> Ticket:
    """Corrects category, team and priority; another priority is another promise, counted from the same start."""
    ticket = DESK.locked(ticket)
    moment = now()
    if priority != ticket.priority:
        at = ticket.paused_at or moment
        ticket.due_at = due_for_another_promise(
            ticket.due_at, promise(ticket.priority), promise(priority), at, calendar_around(at)
        )
        ticket.priority = priority
    ticket.category, ticket.team = category, team
    detail = f"{category.label}, {Priority(priority).label}" + (f", {team.label}" if team else "")
    DESK.saved(ticket, "sorted", by=by, http=http, detail=detail)
    return ticket
