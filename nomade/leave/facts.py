"""What the rules need to know, read from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from nomade.kernel.clock import today
from nomade.kernel.prepared import prepared_cursor
from nomade.kernel.small_tables import Remembered
from nomade.leave.models import Closure, Counter, CounterKind, LeaveRequest, LeaveType, LegalFigure, Unit
from nomade.leave.rules.allocation import Allocation, Pot, allocate
from nomade.leave.rules.annual import Hours
from nomade.leave.rules.counting import Count, count, count_calendar
from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.rules.requests import Ask, Finding, Judgement, Kind, Other, Stop, judge
from nomade.leave.rules.special import EVENT_OF_TYPE, event_days
from nomade.leave.rules.validity import PLACES
from nomade.people.models import OUT_OF_SERVICE, Agent, Assignment, Situation

# Absences further away than this cannot join the one that is asked without passing the limit by themselves.
AROUND = timedelta(days=62)


def _read_law() -> Callable[[str], Law]:
    parameters = [figure.as_parameter() for figure in LegalFigure.objects.all()]
    local = [
        parameter.argument
        for parameter in parameters
        if parameter.key == "population" and parameter.valid_until is None
    ]
    return cache(lambda profile: Law(parameters, populations=(profile, *local)))


_law = Remembered(lambda: LegalFigure, _read_law)


def current_law() -> Law:
    """The figures of this organisation: general rows, then its profile's, then those of each local `population` row."""
    return _law.get()(settings.NOMADE.profile)


def law_for_a_hint() -> Law:
    """The same as this process last knew them: costs no query, and decides nothing."""
    return _law.latest_known()(settings.NOMADE.profile)


def holidays_of(first: date, last: date) -> set[date]:
    """The public holidays of this organisation, for the port `public_holidays`."""
    return set(holidays_between(first, last, current_law()))


_types = Remembered(lambda: LeaveType, lambda: tuple(LeaveType.objects.order_by("order")))


def types_on(day: date) -> list[LeaveType]:
    """The types one may ask for on a day, in their order; shared by the threads, and not to be changed."""
    return [
        kind for kind in _types.get() if kind.valid_from <= day and not (kind.valid_until and kind.valid_until < day)
    ]


def situations_between(first: date, last: date) -> QuerySet[Situation]:
    """The situations that hold some day of a stretch of days, with their cycles, in order."""
    return (
        Situation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)
        .select_related("cycle")
        .order_by("agent_id", "valid_from")
    )


# Half of the pages of leave ask this one: written by Django it took as long to write as to answer.
_WORK = """
SELECT situation.agent_id, situation.valid_from, situation.valid_to, cycle.weeks, cycle.anchor, cycle.works_holidays,
    cycle.annual_minutes, cycle.week_minutes, situation.weekly_minutes, situation.quotite,
    ARRAY (SELECT to_char(day, 'YYYY-MM-DD') || sign FROM leave_dayexception moved
        WHERE moved.agent_id = situation.agent_id AND day BETWEEN %(first)s AND %(last)s),
    EXISTS (SELECT FROM leave_closure WHERE first_day <= %(last)s AND last_day >= %(first)s)
FROM people_situation situation JOIN people_workcycle cycle ON cycle.id = situation.cycle_id
WHERE situation.agent_id = ANY(%(agents)s) AND situation.valid_from <= %(last)s
    AND (situation.valid_to IS NULL OR situation.valid_to >= %(first)s)
    AND NOT situation.position = ANY(%(away)s)
ORDER BY situation.agent_id, situation.valid_from
"""
_cycle = lru_cache(maxsize=512)(Cycle)


_AWAY = [str(position) for position in OUT_OF_SERVICE]


def _hours(annual: int | None, weeks: list[int], weekly: int, quotite: Decimal) -> Hours | None:
    return None if annual is None else Hours(annual, weekly, Fraction(quotite) / 100, tuple(weeks))


def timetables(agents: Iterable[int], first: date, last: date) -> dict[int, Timetable]:
    """The timetable of each agent (by id) over a stretch of days: their cycles, moved days and closures.

    A day of disponibilité, of détachement elsewhere or of congé parental is in no engagement: nobody works it. One
    query, and a few more when a closure touches these days.
    """
    agents = list(agents)
    with prepared_cursor() as cursor:
        cursor.execute(_WORK, {"agents": agents, "first": first, "last": last, "away": _AWAY})
        rows = cursor.fetchall()
    engagements: dict[int, list[Engagement]] = defaultdict(list)
    exceptions: dict[int, dict[date, str]] = {}
    closing = False
    for agent, since, until, weeks, anchor, works_holidays, *hours, moved, closing in rows:  # noqa: B007  # last word
        cycle = _cycle(tuple(weeks), anchor, works_holidays=works_holidays)
        engagements[agent].append(Engagement(since, until, cycle, _hours(*hours)))
        exceptions[agent] = {date.fromisoformat(pair[:-1]): pair[-1] for pair in moved}
    closed = _closures(agents, first, last) if closing else {}
    return {agent: Timetable(found, exceptions[agent], closed.get(agent, {})) for agent, found in engagements.items()}


def _closures(agents: Iterable[int], first: date, last: date) -> dict[int, dict[date, str]]:
    """The closed days of each agent, by their main unit of the day on which the closure starts."""
    found: dict[int, dict[date, str]] = defaultdict(dict)
    for closure in Closure.objects.filter(first_day__lte=last, last_day__gte=first).select_related("unit"):
        start, end = max(first, closure.first_day), min(last, closure.last_day)
        days = {start + timedelta(days=offset): closure.label for offset in range((end - start).days + 1)}
        touched: Iterable[int] = agents
        if closure.unit is not None:
            below = Q(unit__path=closure.unit.path) | Q(unit__path__startswith=f"{closure.unit.path}/")
            placed = Assignment.objects.on(closure.first_day).filter(below, is_main=True, agent__in=agents)
            touched = placed.values_list("agent_id", flat=True)
        for agent in touched:
            found[agent] |= days
    return found


@dataclass(frozen=True)
class BalanceChange:
    """What a request does to a counter, in half-days (minutes for a counter in minutes)."""

    year: int
    before: int
    used: int
    code: str = ""
    label: str = ""
    expires_on: date | None = None

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


def assess(
    agent: Agent,
    leave_type: LeaveType,
    period: Period,
    *,
    law: Law | None = None,
    regularised: bool = False,
    minutes: int | None = None,
    exception: str = "",
    counters: Sequence[str] = (),
) -> Assessment:
    """Judges a request without writing anything: what the form shows live is what sending will decide.

    `regularised`: somebody who may regularise the past enters it; `exception`: a derogation asked for (`grossesse`,
    `cumul_pays_origine`); `counters`: only these codes, when the agent chose against the proposed order.
    """
    law = law or current_law()
    last = min(period.last_day, period.first_day + timedelta(days=400))
    first, until = period.first_day - AROUND, last + AROUND
    pots = pots_of(agent, leave_type, counters) if leave_type.counter else None
    ask = Ask(
        period=period,
        today=today(),
        timetable=timetables([agent.pk], first, until).get(agent.pk, Timetable(())),
        holidays=holidays_between(first, until, law),
        kind=_kind(leave_type, exception, law),
        pots=pots,
        others=[
            Other(other.period, other.leave_type.group, other.leave_type.priority, other.pk)
            for other in LeaveRequest.objects.living().filter(owner=agent).touching(first, until).with_type()
        ],
        used_in_year=_used(agent, leave_type, period) if leave_type.cap_year is not None else {},
        regularised=regularised,
        minutes=minutes,
    )
    judgement = judge(ask, law)
    if any(finding.stop is Stop.NOT_IN_SERVICE for finding in judgement.findings):
        judgement = replace(judgement, findings=_said_by_position(agent, period, judgement.findings))
    return Assessment(leave_type, period, judgement, _changes(judgement, pots or []))


def _said_by_position(agent: Agent, period: Period, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """« Not in service » says which position keeps an agent away, when one does (CGFP L.511-1 s.)."""
    held = situations_between(period.first_day, period.last_day).filter(agent=agent, position__in=OUT_OF_SERVICE)
    away = held.first()
    if away is None:
        return tuple(findings)
    word = away.get_position_display()
    said = Finding(Stop.AWAY, "CGFP L.511-1 s., L.513-1 s., L.514-1 s., L.515-1 s.", word=str(word))
    return tuple(said if finding.stop is Stop.NOT_IN_SERVICE else finding for finding in findings)


def assess_remainder(agent: Agent, leave_type: LeaveType, period: Period) -> tuple[Count, Allocation]:
    """What a part of an absence already accepted costs, and from which counters: no other rule applies again."""
    table = timetables([agent.pk], period.first_day, period.last_day).get(agent.pk, Timetable(()))
    if leave_type.calendar_days:
        counted = count_calendar(period, table)
    else:
        counted = count(period, table, holidays_between(period.first_day, period.last_day, current_law()))
    return counted, allocate(counted.days_counted(), pots_of(agent, leave_type) if leave_type.counter else ())


def _kind(leave_type: LeaveType, exception: str, law: Law) -> Kind:
    cap = leave_type.cap_request
    if cap is None and leave_type.code in EVENT_OF_TYPE:
        cap = event_days(EVENT_OF_TYPE[leave_type.code], on=today(), law=law) * 2
    return Kind(
        group=leave_type.group,
        priority=leave_type.priority,
        counter=leave_type.counter,
        whole_days=leave_type.unit == Unit.DAY,
        calendar_days=leave_type.calendar_days,
        notice_days=leave_type.notice_days,
        # What is past is regularised by the agent within a local delay, further back by a supervisor or HR.
        past_days=max(leave_type.past_days, law.number("request.past_days", today())),
        cap_request=cap,
        cap_year=leave_type.cap_year,
        exception=exception,
        source=leave_type.source,
    )


def pots_of(agent: Agent, leave_type: LeaveType, only: Sequence[str] = ()) -> list[Pot]:
    """What is left of each counter that a type may take from, in one query."""
    codes = [code for code in leave_type.counters if not only or code in only]
    label = CounterKind.objects.filter(code=OuterRef("code")).values("short_label")[:1]
    return [
        Pot(
            counter.pk,
            counter.code,
            counter.year,
            counter.half_days + counter.overdraft,
            counter.usable_from,
            counter.expires_on,
            # Carry-overs before annual leave, fractionnement after: the order in which kinds of counters are shown.
            PLACES.get(counter.code, len(PLACES)),
            counter.label or counter.code,
        )
        for counter in Counter.objects.filter(agent=agent, code__in=codes).annotate(label=Subquery(label))
    ]


def _used(agent: Agent, leave_type: LeaveType, period: Period) -> dict[int, int]:
    """Half-days of a type by year, each request counted in the year of its first day."""
    same = LeaveRequest.objects.living().filter(owner=agent, leave_type__code=leave_type.code)
    years = range(period.first_day.year, period.last_day.year + 1)
    rows = same.filter(first_day__year__in=years).values_list("first_day__year").annotate(Sum("half_days"))
    return dict(rows)


def _changes(judgement: Judgement, pots: Sequence[Pot]) -> tuple[BalanceChange, ...]:
    """The counters touched; when nothing can be taken, those that are good for the days, so that the lack is seen."""
    used = {share.pot.key: share.half_days for share in judgement.allocation.shares}
    days = judgement.count.days_counted()
    shown = [pot for pot in pots if pot.key in used]
    if judgement.allocation.missing and not shown:
        shown = [pot for pot in pots if any(pot.covers(day) for day in days)]
    return tuple(
        BalanceChange(pot.year, pot.left, used.get(pot.key, 0), pot.code, pot.label, pot.last)
        for pot in sorted(shown, key=lambda pot: (pot.last or date.max, pot.place))
    )
