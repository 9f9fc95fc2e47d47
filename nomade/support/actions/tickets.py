"""Tickets: opened by an agent, answered by a technician, solved, closed. Each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.dialogues import Changed, move
from nomade.cases.messages import say
from nomade.cases.references import new_reference
from nomade.cases.searching import vector
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent
from nomade.support.access import is_technician, technicians
from nomade.support.models import Category, Priority, Team, Ticket, TicketStatus
from nomade.support.promises import calendar_around, due_for, promise
from nomade.support.rules.hours import due_after_pause, due_for_another_promise

KIND = "ticket"


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
    say(KIND, ticket.pk, author=agent, text=text, files=files)
    index(ticket, agent, text)
    timeline.note(KIND, ticket.pk, "opened", actor=agent)
    audit.record("ticket.opened", actor=agent.pk, subject=agent.pk, request=http, reference=ticket.reference)
    notify_many(
        colleagues(ticket, but=agent),
        kind="ticket.opened",
        title=_("Nouvelle demande %(reference)s : %(category)s")
        % {"reference": ticket.reference, "category": category.label},
        url=ticket.get_absolute_url(),
        email=False,
    )
    return ticket


def index(ticket: Ticket, owner: Agent, text: str) -> None:
    """What a search finds a ticket by: number, subject, agent, first message."""
    heading = f"{ticket.reference} {ticket.subject}"
    searched = vector((heading, "A"), (f"{owner.full_name} {owner.matricule}", "B"), (text[:4000], "C"))
    Ticket.objects.filter(pk=ticket.pk).update(search=searched)


def colleagues(ticket: Ticket, *, but: Agent) -> list[Agent]:
    """Who is told of a ticket that nobody has taken: its team, or everybody of the desk when it has none."""
    members: list[Agent] = list(ticket.team.members.all()) if ticket.team else []
    at_work = {technician.pk: technician for technician in technicians()}
    told = [member for member in members if member.pk in at_work] or list(at_work.values())
    return [technician for technician in told if technician.pk not in (but.pk, ticket.owner_id)]


@transaction.atomic
def answer(
    ticket: Ticket,
    *,
    by: Agent,
    text: str,
    then: TicketStatus = TicketStatus.OPEN,
    files: Iterable[CheckedFile] = (),
    version: int | None = None,
    http: HttpRequest | None = None,
) -> Ticket:
    """Writes to the agent, and says what follows: still at work, waiting for the agent, or solved.

    Raises Changed when the ticket is no longer the one that was read.
    """
    ticket = _locked(ticket, version)
    if ticket.status == TicketStatus.CLOSED:
        raise Changed(_("Cette demande est close : ouvrez-en une autre pour continuer."))
    moment = now()
    if ticket.assignee is None:
        ticket.assignee = by
    ticket.answered_at = ticket.answered_at or moment
    say(KIND, ticket.pk, author=by, text=text, files=files)
    _move(ticket, then, moment)
    _saved(ticket, "solved" if then == TicketStatus.SOLVED else "answered", by=by, http=http)
    titles = {
        TicketStatus.PENDING: _("Le support attend votre réponse (%(reference)s)"),
        TicketStatus.SOLVED: _("Votre demande est résolue (%(reference)s)"),
    }
    title = titles.get(then, _("Le support vous a répondu (%(reference)s)"))
    notify(
        ticket.owner,
        kind="ticket.answered",
        title=title % {"reference": ticket.reference},
        url=ticket.get_absolute_url(),
    )
    return ticket


@transaction.atomic
def write_note(
    ticket: Ticket, *, by: Agent, text: str, files: Iterable[CheckedFile] = (), http: HttpRequest | None = None
) -> Ticket:
    """Keeps something that only the desk reads."""
    ticket = _locked(ticket)
    say(KIND, ticket.pk, author=by, text=text, files=files, internal=True)
    audit.record("ticket.noted", actor=by.pk, subject=ticket.owner_id, request=http, reference=ticket.reference)
    return ticket


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    by: Agent,
    text: str,
    files: Iterable[CheckedFile] = (),
    http: HttpRequest | None = None,
) -> Ticket:
    """The agent writes: the clock goes on, what was solved is open again. Raises Changed once it is closed."""
    ticket = _locked(ticket)
    if ticket.status == TicketStatus.CLOSED:
        raise Changed(_("Cette demande est close : ouvrez-en une autre, elle sera lue plus vite."))
    say(KIND, ticket.pk, author=by, text=text, files=files)
    if ticket.status != TicketStatus.NEW:
        _move(ticket, TicketStatus.OPEN, now())
    _saved(ticket, "replied", by=by, http=http)
    told = [ticket.assignee] if ticket.assignee else colleagues(ticket, but=by)
    notify_many(
        told,
        kind="ticket.replied",
        title=_("%(name)s a répondu (%(reference)s)") % {"name": by.full_name, "reference": ticket.reference},
        url=ticket.get_absolute_url(),
        email=False,
    )
    return ticket


@transaction.atomic
def assign(ticket: Ticket, *, to: Agent, by: Agent, http: HttpRequest | None = None) -> Ticket:
    """Gives a ticket to a technician, often oneself. Raises Refusal for who does not work at the desk."""
    ticket = _locked(ticket)
    if ticket.owner_id == to.pk or not is_technician(to):
        raise Refusal(_("Cette personne ne peut pas traiter cette demande."), field="assignee")
    if ticket.assignee_id == to.pk:
        return ticket
    ticket.assignee = to
    if ticket.status == TicketStatus.NEW:
        _move(ticket, TicketStatus.OPEN, now())
    _saved(ticket, "assigned", by=by, http=http, detail=to.full_name)
    if to.pk != by.pk:
        notify(
            to,
            kind="ticket.assigned",
            title=_("%(reference)s vous est confiée") % {"reference": ticket.reference},
            url=ticket.get_absolute_url(),
            email=False,
        )
    return ticket


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
    ticket = _locked(ticket)
    moment = now()
    if priority != ticket.priority:
        at = ticket.paused_at or moment
        ticket.due_at = due_for_another_promise(
            ticket.due_at, promise(ticket.priority), promise(priority), at, calendar_around(at)
        )
        ticket.priority = priority
    ticket.category, ticket.team = category, team
    detail = f"{category.label}, {Priority(priority).label}" + (f", {team.label}" if team else "")
    _saved(ticket, "sorted", by=by, http=http, detail=detail)
    return ticket


@transaction.atomic
def close(ticket: Ticket, *, by: Agent | None, http: HttpRequest | None = None) -> Ticket:
    """Ends a ticket: the agent says so, or time went by. Twice is once."""
    ticket = _locked(ticket)
    if ticket.status == TicketStatus.CLOSED:
        return ticket
    _move(ticket, TicketStatus.CLOSED, now())
    _saved(ticket, "closed", by=by, http=http)
    return ticket


@transaction.atomic
def rate(ticket: Ticket, *, by: Agent, satisfaction: int, comment: str, http: HttpRequest | None = None) -> Ticket:
    """Keeps what the agent thinks of the answer. Raises Refusal before there is one."""
    ticket = _locked(ticket)
    if ticket.status not in (TicketStatus.SOLVED, TicketStatus.CLOSED):
        raise Refusal(_("Votre avis se donne une fois la demande résolue."))
    ticket.satisfaction, ticket.satisfaction_comment = satisfaction, comment
    _saved(ticket, "rated", by=by, http=http)
    return ticket


def _locked(ticket: Ticket, version: int | None = None) -> Ticket:
    # Team and assignee are not joined: after a wait for the lock, the join would be the one from before the wait.
    locked = Ticket.objects.select_for_update(of=("self",)).select_related("owner", "category").get(pk=ticket.pk)
    if version is not None and version != locked.version:
        raise Changed(_("Cette demande a changé pendant que vous écriviez : relisez-la, votre texte est gardé."))
    return locked


def _move(ticket: Ticket, status: TicketStatus, moment: datetime) -> None:
    """Changes the status; the clock stops while the desk waits for the agent, and starts again after."""
    done = move(ticket, status, moment)
    if done.paused_since is not None:
        ticket.due_at = due_after_pause(ticket.due_at, done.paused_since, moment, calendar_around(moment))
    if done.reopened:
        ticket.due_at = due_for(ticket.priority, moment)


def _saved(ticket: Ticket, event: str, *, by: Agent | None, http: HttpRequest | None, detail: str = "") -> None:
    ticket.version += 1
    ticket.save(update_fields=SAVED)
    timeline.note(KIND, ticket.pk, event, actor=by, detail=detail)
    audit.record(
        f"ticket.{event}",
        actor=by.pk if by else None,
        subject=ticket.owner_id,
        request=http,
        reference=ticket.reference,
    )


# Not the search column: it is read as text, and `index` alone writes it.
SAVED: Sequence[str] = (
    "status", "category", "team", "priority", "assignee", "due_at", "paused_at", "answered_at", "solved_at",
    "closed_at", "reminded_at", "escalated_at", "satisfaction", "satisfaction_comment", "version",
)  # fmt: skip
