"""Who may see and decide which request: the only ways in. Absent and forbidden look the same."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404

from nomade.cases.messages import how_many
from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.leave.models import (
    ForbiddenPeriod,
    Group,
    LeaveDocument,
    LeaveRequest,
    LeaveRequestQuerySet,
    LeaveType,
    MinimumPresence,
    RefusalReason,
    SavingRequest,
)
from nomade.leave.rules.circuits import HR, SECOND, SUPERVISOR, circuit
from nomade.people.access import (
    agents_in_perimeter,
    deciders_for,
    has_role,
    holders_over,
    main_assignment,
    supervised_by,
    supervisor_of,
)
from nomade.people.models import Agent, Assignment, Delegation, OrgUnit, RoleGrant
from nomade.people.roles import Role
from nomade.people.teams import once, standing_of, team_below, team_of

#: What messages about an absence are kept under.
KIND = "leave"
#: The requests that the page to decide shows.
AT_ONCE = 50
#: The colleagues among whom one names a replacement.
MOST_COLLEAGUES = 200
#: Requests that a search looks into.
LOOKED_AT = 200


def requests_of(agent: Agent) -> LeaveRequestQuerySet:
    """An agent's own requests."""
    return LeaveRequest.objects.filter(owner=agent).with_type()


_OF_YEAR: Compiled[LeaveRequest] = Compiled(
    lambda agent, first, last: (
        LeaveRequest.objects.filter(owner_id=agent).with_type().touching(first, last).order_by("-first_day")
    )
)


def requests_of_year(agent: Agent, year: int) -> list[LeaveRequest]:
    """Those that touch a year, the last one first."""
    return _OF_YEAR.rows(agent=agent.pk, first=date(year, 1, 1), last=date(year, 12, 31))


_LATEST: Compiled[LeaveRequest] = Compiled(
    lambda agent: LeaveRequest.objects.filter(owner_id=agent).with_type().order_by("-first_day")[:LOOKED_AT]
)


def latest_requests(agent: Agent) -> list[LeaveRequest]:
    """An agent's latest requests, those that the portal's search looks into."""
    return _LATEST.rows(agent=agent.pk)


def requests_visible_to(agent: Agent) -> LeaveRequestQuerySet:
    """One's own, those of whom one supervises (or stands in for), and for an HR officer those of the perimeter."""
    return LeaveRequest.objects.filter(
        Q(owner=agent)
        | Q(owner__in=supervised_by(agent).values("pk"))
        | Q(owner__in=agents_in_perimeter(agent, Role.HR_OFFICER).values("pk"))
    ).with_type()


def requests_to_decide(agent: Agent) -> LeaveRequestQuerySet:
    """Those that wait for this person's decision, at whatever step of their circuit, the oldest first.

    Validated ones whose owner asks for a change are among them.
    """
    day = today()
    team, officer = team_of(agent, day), has_role(agent, Role.HR_OFFICER, on=day)
    if not team and not officer:
        return LeaveRequest.objects.none()
    perimeter = Q(Exists(_in_perimeter(agent))) if officer else None
    return _waiting(agent.pk, team or [0], team_below(agent, day) or [0], perimeter)


def _waiting(agent: int, team: list[int], below: list[int], perimeter: Q | None = None) -> LeaveRequestQuerySet:
    led = Q(owner__in=within(team, "bigint"))
    above = Q(waits_for=SECOND) | Q(waits_for=SUPERVISOR, escalated_at__isnull=False)
    mine = Q(waits_for=SUPERVISOR) & led | above & Q(owner__in=within(below, "bigint"))
    if perimeter is not None:
        mine |= Q(waits_for=HR) & perimeter
    changing = Q(state=CaseState.APPROVED) & ~Q(change_asked="") & led
    waiting = LeaveRequest.objects.filter(Q(state=CaseState.SUBMITTED) & mine | changing).exclude(owner_id=agent)
    return waiting.with_type().select_related("owner", "replacement").order_by("submitted_at")


def with_reasons(waiting: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    """Each with `offered`, the reasons that HR offers to who refuses it: a query less for who decides."""
    return waiting.annotate(offered=ArraySubquery(RefusalReason.objects.filter(in_use=True).values("text")))


def _with_reasons(waiting: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    return with_reasons(waiting).annotate(said=how_many(KIND))[: AT_ONCE + 1]


_WAITING: Compiled[LeaveRequest] = Compiled(lambda agent, team, below: _with_reasons(_waiting(agent, team, below)))


def first_to_decide(agent: Agent) -> tuple[list[LeaveRequest], bool]:
    """The first of them, as many as a page shows, each with `offered`, HR's reasons; and whether there are others."""
    day = today()
    if has_role(agent, Role.HR_OFFICER, on=day):
        found = list(_with_reasons(requests_to_decide(agent)))
    else:
        team = team_of(agent, day)
        found = _WAITING.rows(agent=agent.pk, team=team, below=team_below(agent, day) or [0]) if team else []
    return found[:AT_ONCE], len(found) > AT_ONCE


def _in_perimeter(agent: Agent) -> QuerySet[Assignment]:
    """The assignment of the owner outside when it lies in a perimeter where this person is an HR officer."""
    day = today()
    held = RoleGrant.objects.on(day).filter(agent=agent, role=Role.HR_OFFICER)
    placed_at = ExpressionWrapper(Concat(OuterRef("unit__path"), Value("/")), output_field=CharField())
    grants = held.annotate(placed=placed_at, top=Concat(F("perimeter__path"), Value("/"))).filter(
        Q(perimeter__isnull=True) | Q(placed__startswith=F("top"))
    )
    placed: QuerySet[Assignment] = Assignment.objects.on(day).filter(
        Exists(grants), is_main=True, agent=OuterRef("owner")
    )
    return placed


def request_for(agent: Agent, request_id: uuid.UUID) -> LeaveRequest:
    """The request, for somebody who may see it. Raises Http404 whether it is absent or not theirs to see."""
    people = ("owner", "decided_by", "replacement")
    found = with_reasons(requests_visible_to(agent)).select_related(*people).filter(pk=request_id).first()
    if found is not None:
        return found
    # A head two units above decides for a unit without a head, or after the supervisor: the set of those one
    # supervises does not hold its agents.
    everywhere = with_reasons(LeaveRequest.objects.with_type()).select_related(*people)
    distant = everywhere.filter(pk=request_id).first()
    if distant is None or not may_decide(agent, distant):
        raise Http404
    return distant


def own_request(agent: Agent, request_id: uuid.UUID) -> LeaveRequest:
    """One of one's own. Raises Http404 otherwise."""
    found = requests_of(agent).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def may_decide(agent: Agent, leave: LeaveRequest) -> bool:
    """Whether somebody may answer a request at the step it has reached.

    Supervisor or delegate (the N+2 too once it was escalated), N+2 or delegate, HR of the perimeter; HR also when there
    is nobody else. Never one's own, directly, by delegation or as HR (domain § 1.10).
    """
    if leave.owner_id == agent.pk:
        return False
    # The same rule from the other end, which the agent of a request has read already.
    led = leave.waits_for in (SUPERVISOR, "") and leave.owner_id in team_of(agent, today())
    return led or agent in deciders_at_step(leave) or _by_role(agent, leave)


def _by_role(agent: Agent, leave: LeaveRequest) -> bool:
    if leave.waits_for == HR or not deciders_for(leave.owner):
        return manages(agent, leave)
    return False


def deciders_at_step(leave: LeaveRequest) -> list[Agent]:
    """The people named by the organisation for the step a request waits for, the first one once it is decided.

    HR officers are found by `hr_of`.
    """
    if leave.waits_for in (SUPERVISOR, ""):
        first = deciders_for(leave.owner)
        return [*first, *second_deciders_for(leave.owner)] if leave.escalated_at else first
    return second_deciders_for(leave.owner) if leave.waits_for == SECOND else []


def second_deciders_for(agent: Agent) -> list[Agent]:
    """The N+2 of an agent and who holds their delegation; never the agent."""
    first = supervisor_of(agent)
    return [other for other in deciders_for(first) if other.pk != agent.pk] if first else []


def first_step_is_empty(deciders: Sequence[Agent], until: date) -> bool:
    """Whether the supervisor is on leave from today to a day, without a delegation: the N+2 may answer at once."""
    if len(deciders) != 1:
        return False
    away = LeaveRequest.objects.approved().filter(owner=deciders[0], first_day__lte=today(), last_day__gte=until)
    return away.exclude(leave_type__group=Group.TELEWORK).exists()


def steps_of_circuit(agent: Agent, leave_type: LeaveType, half_days: int) -> tuple[str, ...]:
    """The steps a request will go through; a step that nobody could take is left out."""
    steps = circuit(leave_type.levels, leave_type.second_level_from, half_days)
    return tuple(step for step in steps if step != SECOND or second_deciders_for(agent))


def hr_of(agent: Agent) -> list[Agent]:
    """The HR officers whose perimeter holds the main unit of an agent; never the agent."""
    return holders_over(agent, Role.HR_OFFICER)


def manages(agent: Agent, leave: LeaveRequest) -> bool:
    """Whether somebody is an HR officer over the owner of a request, and not that owner."""
    if leave.owner_id == agent.pk:
        return False
    if "" in standing_of(agent, today()).perimeters(Role.HR_OFFICER):
        return True
    inside = agents_in_perimeter(agent, Role.HR_OFFICER).filter(pk=leave.owner_id)
    return once(agent, ("manages", leave.owner_id), inside.exists)


def agent_to_enter_for(by: Agent, agent_id: int) -> Agent:
    """Somebody for whom one may type a request: one's team, or one's HR perimeter. Raises Http404 otherwise."""
    team = supervised_by(by).filter(pk=agent_id).first()
    found = team or agents_in_perimeter(by, Role.HR_OFFICER).exclude(pk=by.pk).filter(pk=agent_id).first()
    if found is None:
        raise Http404
    return found


def units_led_by(agent: Agent) -> list[OrgUnit]:
    """The units whose rules somebody sets: those they head, and those of the people they are named supervisor of."""
    named = Assignment.objects.on(today()).filter(supervisor=agent, is_main=True).exclude(agent=agent).values("unit")
    return list(OrgUnit.objects.filter(Q(head=agent) | Q(pk__in=named)).order_by("path"))


def document_for(agent: Agent, document_id: uuid.UUID) -> LeaveDocument:
    """A supporting document, for its owner or HR of the perimeter; Http404 for anybody else, a supervisor too."""
    found = LeaveDocument.objects.select_related("request", "file").filter(pk=document_id).first()
    if found is None or not (found.request.owner_id == agent.pk or manages(agent, found.request)):
        raise Http404
    return found


def delegation_of(giver: Agent, delegation_id: int) -> Delegation:
    """A delegation that somebody gave and that is not over. Raises Http404 otherwise."""
    given = Delegation.objects.filter(giver=giver, valid_to__gte=today()).select_related("giver", "receiver")
    found: Delegation | None = given.filter(pk=delegation_id).first()
    if found is None:
        raise Http404
    return found


def may_stand_in(giver: Agent) -> QuerySet[Agent]:
    """Those to whom a supervisor may give a delegation: their team, their unit, their own supervisor and peers."""
    day = today()
    units = [unit.pk for unit in units_led_by(giver)]
    assignment = main_assignment(giver)
    near = Q(unit__in=units)
    if assignment is not None:
        near |= Q(unit=assignment.unit) | Q(unit=assignment.unit.parent_id)
        near |= Q(unit__parent=assignment.unit.parent_id, unit__head=F("agent"))
    placed = Assignment.objects.on(day).filter(near, is_main=True).values("agent")
    above = supervisor_of(giver)
    return (
        Agent.objects.present(day)
        .filter(Q(pk__in=placed) | Q(pk=above.pk if above else None))
        .exclude(pk=giver.pk)
        .order_by("sort_name")
    )


def _beside(agent: int, day: date) -> QuerySet[Agent]:
    placed = Assignment.objects.on(day).filter(is_main=True)
    same_unit = placed.filter(unit__in=placed.filter(agent_id=agent).values("unit")).values("agent")
    return Agent.objects.present(day).filter(pk__in=same_unit).order_by("sort_name")[:MOST_COLLEAGUES]


_BESIDE: Compiled[Agent] = Compiled(_beside)


def colleagues_of(agent: Agent, at_most: int = MOST_COLLEAGUES) -> list[Agent]:
    """Those of the same unit today, oneself included."""
    return _BESIDE.rows(agent=agent.pk, day=today())[:at_most] or [agent]


_TEAM: Compiled[Agent] = Compiled(
    lambda team: Agent.objects.filter(pk__in=within(team, "bigint")).order_by("sort_name")[:MOST_COLLEAGUES]
)


def team_by_name(agent: Agent) -> list[Agent]:
    """The first of those for whom somebody decides today."""
    team = team_of(agent, today())
    return _TEAM.rows(team=team) if team else []


def _minimums(agents: list[int], day: date) -> QuerySet[MinimumPresence]:
    placed = Assignment.objects.on(day).filter(agent__in=within(agents, "bigint"), is_main=True)
    return MinimumPresence.objects.on(day).filter(unit__in=placed.values("unit")).select_related("unit")


_MINIMUMS: Compiled[MinimumPresence] = Compiled(_minimums)


def minimums_of(agents: list[int], day: date) -> list[MinimumPresence]:
    """The minimum presence of each unit of some people, on a day."""
    return _MINIMUMS.rows(agents=agents, day=day) if agents else []


_REPLACED: Compiled[LeaveRequest] = Compiled(
    lambda agent, day: (
        LeaveRequest.objects.approved()
        .filter(replacement_id=agent, last_day__gte=day)
        .select_related("owner")
        .order_by("first_day")[:MOST_COLLEAGUES]
    )
)


def replaced_by(agent: Agent) -> list[LeaveRequest]:
    """The absences to come of colleagues who named somebody to stand in; only whose and when is theirs to read."""
    return _REPLACED.rows(agent=agent.pk, day=today())


def reserved_period(agent: Agent, period_id: int) -> ForbiddenPeriod:
    """A reserved period of a unit that somebody leads. Raises Http404 otherwise."""
    led = [unit.pk for unit in units_led_by(agent)]
    found = ForbiddenPeriod.objects.select_related("unit").filter(pk=period_id, unit__in=led).first()
    if found is None:
        raise Http404
    return found


def savings_of(agent: Agent) -> QuerySet[SavingRequest]:
    """What an agent asked to save on their CET, the latest first."""
    return SavingRequest.objects.filter(owner=agent).select_related("decided_by").order_by("-submitted_at")


def saving_of(agent: Agent, saving_id: uuid.UUID) -> SavingRequest:
    """One of one's own. Raises Http404 otherwise."""
    found = savings_of(agent).filter(pk=saving_id).first()
    if found is None:
        raise Http404
    return found
