"""Who may see and decide for whom. The only place that reads across people."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.people.models import Agent, Assignment, Delegation, OrgUnit, RoleGrant, Situation
from nomade.people.roles import PRIVILEGED, Role
from nomade.people.teams import once, standing_of, team_of


def _main(agent: int, day: date) -> QuerySet[Assignment]:
    placed: QuerySet[Assignment] = Assignment.objects.on(day).filter(agent_id=agent, is_main=True)
    return placed.select_related("unit", "unit__head", "supervisor").order_by("pk")[:1]


_MAIN: Compiled[Assignment] = Compiled(_main)


def main_assignment(agent: Agent, on: date | None = None) -> Assignment | None:
    """The main assignment of a day, with its unit and supervisor, or None outside any."""
    return _MAIN.first(agent=agent.pk, day=on or today())


def situation_on(agent: Agent, on: date | None = None) -> Situation | None:
    """The administrative situation of a day, with its work cycle, or None outside any."""
    found: Situation | None = Situation.objects.on(on or today()).filter(agent=agent).select_related("cycle").first()
    return found


def supervisor_of(agent: Agent, on: date | None = None) -> Agent | None:
    """The supervisor of a day: the one the assignment names, else the head of the unit or of the nearest one above."""
    assignment = main_assignment(agent, on)
    if assignment is None:
        return None
    if assignment.supervisor_id and assignment.supervisor_id != agent.pk:
        return assignment.supervisor
    codes = assignment.unit.path.split("/")
    paths = ["/".join(codes[:depth]) for depth in range(len(codes), 0, -1)]
    heads = OrgUnit.objects.filter(path__in=paths, head__isnull=False).exclude(head=agent).select_related("head")
    nearest = max(heads, key=lambda unit: len(unit.path), default=None)
    return nearest.head if nearest else None


def deciders_for(agent: Agent, on: date | None = None) -> list[Agent]:
    """Those who may decide for an agent on a day: the supervisor first, then who holds their delegation."""
    day = on or today()
    supervisor = supervisor_of(agent, day)
    if supervisor is None:
        return []
    delegates = Agent.objects.filter(
        Exists(Delegation.objects.on(day).filter(giver=supervisor, receiver=OuterRef("pk")))
    ).exclude(pk=agent.pk)
    return [supervisor, *delegates]


def givers_to(agent: Agent, on: date | None = None) -> QuerySet[Delegation]:
    """The delegations an agent holds on a day."""
    held: QuerySet[Delegation] = Delegation.objects.on(on or today()).filter(receiver=agent)
    return held


def standing_in(officer: Agent) -> list[Agent]:
    """The officer, and those whose delegation they hold today; read once for the officer of a request."""

    def ask() -> list[Agent]:
        return [officer, *(held.giver for held in givers_to(officer).select_related("giver"))]

    return once(officer, ("standing in",), ask)


def supervised_by(agent: Agent, on: date | None = None) -> QuerySet[Agent]:
    """The agents for whom somebody may decide on a day, as supervisor or by delegation; never oneself.

    The same rule as `deciders_for`, read from the other end: the supervisor that the assignment names, else the head of
    the unit or of the nearest one above that has a head. Who leads nobody costs one query, whatever is filtered by it.
    """
    return among(team_of(agent, on or today()))


def among(ids: list[int]) -> QuerySet[Agent]:
    """The agents of a list of ids: one array, and not as many parameters as there are people; no query for none."""
    return Agent.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids])) if ids else Agent.objects.none()


def has_role(agent: Agent, role: Role, unit: OrgUnit | None = None, on: date | None = None) -> bool:
    """Whether an agent holds a role on a day, and, when a unit is given, over that unit."""
    if role not in roles_of(agent, on):
        return False
    if unit is None:
        return True
    grants = RoleGrant.objects.on(on or today()).filter(agent=agent, role=role).select_related("perimeter")
    return any(grant.perimeter is None or grant.perimeter.contains(unit.path) for grant in grants)


def roles_of(agent: Agent, on: date | None = None) -> frozenset[str]:
    """The roles an agent holds on a day, whatever the perimeter."""
    return standing_of(agent, on or today()).roles


def holders_of(*roles: Role, on: date | None = None) -> QuerySet[Agent]:
    """The agents who hold one of some roles on a day, whatever the perimeter."""
    held = RoleGrant.objects.on(on or today()).filter(agent=OuterRef("pk"), role__in=roles)
    return Agent.objects.filter(Exists(held))


def holders_over(agent: Agent, *roles: Role, nearest: bool = False, on: date | None = None) -> list[Agent]:
    """Who holds one of some roles over an agent on a day, whose perimeter is the smallest first; never the agent.

    `nearest` keeps those of the smallest perimeter alone: those who answer every day.
    """
    day = on or today()
    placed = main_assignment(agent, day)
    path = placed.unit.path if placed else ""
    grants = RoleGrant.objects.on(day).filter(role__in=roles).exclude(agent=agent).select_related("agent", "perimeter")
    over: dict[Agent, int] = {}
    for grant in grants:
        if grant.perimeter is None or grant.perimeter.contains(path):
            depth = grant.perimeter.path.count("/") + 1 if grant.perimeter else 0
            over[grant.agent] = max(depth, over.get(grant.agent, 0))
    found = sorted(over, key=lambda one: (-over[one], one.pk))
    return [one for one in found if over[one] == over[found[0]]] if nearest else found


# Asked at each sign-in and once a minute of every session.
_privileged: Compiled[int] = Compiled(
    lambda agent, day: (
        RoleGrant.objects.on(day).filter(agent=agent, role__in=PRIVILEGED).values_list("pk", flat=True)[:1]
    )
)


def is_privileged(agent_id: int, on: date | None = None) -> bool:
    """Whether an agent holds, on a day, a role that reaches other people's data or opens doors."""
    return _privileged.first(agent=agent_id, day=on or today()) is not None


def agents_in_perimeter(agent: Agent, role: Role, on: date | None = None) -> QuerySet[Agent]:
    """The agents over whom somebody holds a role on a day, by their main assignment; none without the role."""
    day = on or today()
    paths = standing_of(agent, day).perimeters(role)
    if not paths:
        return Agent.objects.none()
    if "" in paths:
        return Agent.objects.all()
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(unit__path=path) | Q(unit__path__startswith=f"{path}/")
    placed = Assignment.objects.on(day).filter(inside, is_main=True, agent=OuterRef("pk"))
    return Agent.objects.filter(Exists(placed))
