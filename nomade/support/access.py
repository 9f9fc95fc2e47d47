"""Who may see and handle what: the only ways in. Absent and forbidden look the same."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, UUIDField, Value
from django.http import Http404

from nomade.cases.lists import OwnFound
from nomade.kernel.clock import now, today
from nomade.kernel.compiled import Compiled
from nomade.people.access import deciders_for, has_role, supervised_by
from nomade.people.models import Agent, AgentQuerySet, Assignment, RoleGrant
from nomade.people.roles import Role
from nomade.support.models import (
    Article,
    IdentityCheck,
    PublicReport,
    Team,
    Ticket,
    TicketQuerySet,
    TicketStatus,
)
from nomade.support.models.knowledge import ArticleQuerySet

Row = TypeVar("Row")
KEPT = "_support_perimeter"
FEW = 3


def desk_perimeter(agent: Agent) -> tuple[str, ...] | None:
    """The paths of the units whose agents somebody may help (« » for everybody); None for who is no technician.

    Kept on the agent of the request, who is loaded anew by each: a role that ends closes the next page.
    """
    known: tuple[str, ...] | str | None = getattr(agent, KEPT, "unknown")
    if isinstance(known, str):
        if not has_role(agent, Role.SUPPORT_TECHNICIAN):
            return None
        grants = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.SUPPORT_TECHNICIAN)
        paths = tuple(path or "" for path in grants.values_list("perimeter__path", flat=True))
        known = paths or None
        setattr(agent, KEPT, known)
    return known


def is_technician(agent: Agent) -> bool:
    """Whether somebody works at the desk today."""
    return desk_perimeter(agent) is not None


def technicians() -> AgentQuerySet:
    """Everybody who works at the desk today, wherever."""
    held = RoleGrant.objects.on(today()).filter(role=Role.SUPPORT_TECHNICIAN)
    return Agent.objects.filter(pk__in=held.values("agent")).order_by("sort_name")


#: An agent's own tickets, for the portal's search.
FOUND = OwnFound(Ticket, 5)


def tickets_of(agent: Agent) -> TicketQuerySet:
    """An agent's own tickets."""
    return Ticket.objects.filter(owner=agent)


def tickets_handled_by(technician: Agent) -> TicketQuerySet:
    """The tickets of the agents of a technician's perimeter, never their own; none for who is no technician."""
    perimeter = desk_perimeter(technician)
    if perimeter is None:
        return Ticket.objects.none()
    others = Ticket.objects.exclude(owner=technician)
    return others if "" in perimeter else others.filter(owner__in=_inside(perimeter).values("pk"))


def _inside(perimeter: tuple[str, ...] | None) -> AgentQuerySet:
    """The agents whose main assignment is in one of these units or below."""
    if perimeter is None:
        return Agent.objects.none()
    if "" in perimeter:
        return Agent.objects.all()
    units = Q(pk__in=[])
    for path in perimeter:
        units |= Q(unit__path=path) | Q(unit__path__startswith=f"{path}/")
    placed = Assignment.objects.on(today()).filter(units, is_main=True, agent=OuterRef("pk"))
    return Agent.objects.filter(Exists(placed))


def ticket_of(agent: Agent, ticket_id: uuid.UUID) -> Ticket:
    """One of an agent's own tickets. Raises Http404."""
    return _found(tickets_of(agent).with_people().filter(pk=ticket_id).first())


def handled_ticket(technician: Agent, ticket_id: uuid.UUID) -> Ticket:
    """A ticket, for who may handle it. Raises Http404."""
    return _found(tickets_handled_by(technician).with_people().filter(pk=ticket_id).first())


def ticket_for(agent: Agent, ticket_id: uuid.UUID) -> tuple[Ticket, bool]:
    """A ticket, and whether this person handles it (else it is their own). Raises Http404."""
    visible = Ticket.objects.filter(
        Q(owner=agent) | Q(pk__in=tickets_handled_by(agent).filter(pk=ticket_id).values("pk"))
    )
    found = _found(visible.with_people().filter(pk=ticket_id).first())
    return found, found.owner_id != agent.pk


def desk_teams() -> list[Team]:
    """Every team, for the filter of the queue."""
    return list(Team.objects.order_by("label"))


def agents_at_desk(technician: Agent) -> AgentQuerySet:
    """Those whose account a technician may look after: their perimeter, never themselves, nobody who has left."""
    return _inside(desk_perimeter(technician)).present(today()).exclude(pk=technician.pk)


def agent_at_desk(technician: Agent, agent_id: int) -> Agent:
    """One of them. Raises Http404."""
    return _found(agents_at_desk(technician).select_related("account").filter(pk=agent_id).first())


def check_of(technician: Agent, check_id: uuid.UUID) -> IdentityCheck:
    """A check of identity, for a technician of the perimeter: who opened it, or a colleague. Raises Http404."""
    found = IdentityCheck.objects.select_related("agent", "agent__account", "technician", "seconded_by")
    return _found(found.filter(pk=check_id, agent__in=agents_at_desk(technician).values("pk")).first())


def checks_going_on(technician: Agent, *, most: int = 20) -> list[IdentityCheck]:
    """Checks of the perimeter that are not over: those that wait for this technician's agreement first."""
    others = ~Q(technician=technician) if settings.NOMADE.support_second_technician else Q(pk=None)
    going_on = IdentityCheck.objects.filter(expires_at__gt=now(), refused_at__isnull=True)
    return list(
        going_on.filter(agent__in=agents_at_desk(technician).values("pk"))
        .annotate(wants_me=ExpressionWrapper(Q(privileged=True, seconded_by=None) & others, BooleanField()))
        .select_related("agent", "technician")
        .order_by("-wants_me", "-opened_at")[:most]
    )


def confirmation_asked_of(agent: Agent, check_id: uuid.UUID) -> IdentityCheck:
    """A check whose agent this person answers for, as supervisor or by delegation. Raises Http404."""
    check = _found(
        IdentityCheck.objects.filter(pk=check_id, asked_supervisor_at__isnull=False)
        .select_related("agent", "technician")
        .first()
    )
    if check.technician_id == agent.pk or agent not in deciders_for(check.agent):
        raise Http404
    return check


def confirmations_waiting_for(agent: Agent) -> list[IdentityCheck]:
    """The checks that wait for this person's word, the most recent first."""
    waiting = IdentityCheck.objects.filter(
        asked_supervisor_at__isnull=False, refused_at__isnull=True, expires_at__gt=now()
    ).exclude(technician=agent)
    mine = waiting.filter(agent__in=supervised_by(agent).values("pk")).exclude(proofs__kind="supervisor")
    return list(mine.select_related("agent", "technician").order_by("-asked_supervisor_at")[:10])


class Waiting(NamedTuple):
    """What waits for somebody: a ticket of theirs that waits for an answer, or a sign that a confirmation may."""

    ticket: uuid.UUID | None
    subject: str


def _waits(agent: int, at: datetime) -> QuerySet[Any, Any]:
    asked = IdentityCheck.objects.filter(asked_supervisor_at__isnull=False, refused_at__isnull=True, expires_at__gt=at)
    own = Ticket.objects.filter(owner_id=agent, status=TicketStatus.PENDING).order_by("paused_at")
    sign = Agent.objects.filter(Exists(asked.exclude(technician_id=agent)), pk=agent).order_by()
    none, nothing = Value(None, output_field=UUIDField()), Value("", output_field=CharField())
    return own.values_list("pk", "subject")[:FEW].union(sign.values_list(none, nothing), all=True)


_WAITS: Compiled[Any] = Compiled(_waits)


def what_waits(agent: Agent) -> list[Waiting]:
    """In one query, for the home page: nearly always nothing."""
    return [Waiting(*row) for row in _WAITS.rows(agent=agent.pk, at=now())]


def articles_for(agent: Agent) -> ArticleQuerySet:
    """The articles that somebody may read: drafts too for who writes them."""
    return Article.objects.all() if may_write_articles(agent) else Article.objects.published()


def article_for(agent: Agent, slug: str) -> Article:
    """One of them. Raises Http404."""
    return _found(articles_for(agent).select_related("category", "author").filter(slug=slug).first())


def may_write_articles(agent: Agent) -> bool:
    """Technicians and editors."""
    held = RoleGrant.objects.on(today()).filter(agent=agent, role__in=(Role.SUPPORT_TECHNICIAN, Role.EDITOR))
    return bool(held.exists())


def report_at_desk(technician: Agent, report_id: uuid.UUID) -> PublicReport:
    """A report of somebody not signed in, for any technician. Raises Http404."""
    if not is_technician(technician):
        raise Http404
    return _found(PublicReport.objects.filter(pk=report_id).first())


def is_authority(agent: Agent) -> bool:
    """Whether this is who is told of what one technician does alone."""
    login = settings.NOMADE.support_authority
    return bool(login) and agent.login.casefold() == login.casefold()


def _found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
