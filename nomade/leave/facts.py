"""What the rules need to know, read from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from nomade.kernel.clock import today
from nomade.leave.models import Counter, LeaveRequest, LeaveType, LegalFigure
from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.rules.requests import Ask, Judgement, judge
from nomade.people.models import Agent, Situation

# Absences further away than this cannot join the one that is asked without passing the limit by themselves.
AROUND = timedelta(days=62)


def current_law() -> Law:
    """The figures of this organisation: general rows, then its profile's, then those of each local `population` row."""
    parameters = [figure.as_parameter() for figure in LegalFigure.objects.all()]
    local = [parameter.argument for parameter in parameters if parameter.key == "population"]
    return Law(parameters, populations=(settings.NOMADE.profile, *local))


def situations_between(first: date, last: date) -> QuerySet[Situation]:
    """The situations that hold some day of a stretch of days, with their cycles, in order."""
    return (
        Situation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)
        .select_related("cycle")
        .order_by("agent_id", "valid_from")
    )


def timetables(agents: Iterable[int], first: date, last: date) -> dict[int, Timetable]:
    """The timetable of each agent (by id) over a stretch of days, in one query."""
    engagements: dict[int, list[Engagement]] = defaultdict(list)
    cycles: dict[int, Cycle] = {}
    for situation in situations_between(first, last).filter(agent__in=agents):
        cycle = cycles.setdefault(situation.cycle_id, cycle_of(situation))
        engagements[situation.agent_id].append(Engagement(situation.valid_from, situation.valid_to, cycle))
    return {agent: Timetable(found) for agent, found in engagements.items()}


def cycle_of(situation: Situation) -> Cycle:
    """The work cycle of a situation, as the rules know it."""
    return Cycle(tuple(situation.cycle.weeks), situation.cycle.anchor)


@dataclass(frozen=True)
class BalanceChange:
    """What a request does to a counter of a year, in half-days."""

    year: int
    before: int
    used: int

    @property
    def after(self) -> int:
        return self.before - self.used


@dataclass(frozen=True)
class Assessment:
    """A request before it is sent: its judgement and its effect on the counters."""

    leave_type: LeaveType
    period: Period
    judgement: Judgement
    balances: tuple[BalanceChange, ...]


def assess(agent: Agent, leave_type: LeaveType, period: Period, *, law: Law | None = None) -> Assessment:
    """Judges a request without writing anything: what the form shows live is what sending will decide."""
    law = law or current_law()
    last = min(period.last_day, period.first_day + timedelta(days=400))
    first, until = period.first_day - AROUND, last + AROUND
    balances = _balances(agent, leave_type.counter, period) if leave_type.counter else None
    ask = Ask(
        period=period,
        today=today(),
        timetable=timetables([agent.pk], first, until).get(agent.pk, Timetable(())),
        holidays=holidays_between(first, until, law),
        counter=leave_type.counter,
        balances=balances,
        others=[other.period for other in LeaveRequest.objects.living().filter(owner=agent).touching(first, until)],
    )
    judgement = judge(ask, law)
    changes = [
        BalanceChange(year, (balances or {})[year], used)
        for year, used in sorted(judgement.count.by_year().items())
        if year in (balances or {})
    ]
    return Assessment(leave_type, period, judgement, tuple(changes))


def _balances(agent: Agent, code: str, period: Period) -> dict[int, int]:
    counters = Counter.objects.filter(
        agent=agent, code=code, year__gte=period.first_day.year, year__lte=period.last_day.year
    )
    return dict(counters.values_list("year", "half_days"))
