"""A request judged as a whole: what it costs, every rule that stops it, what it does to other absences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from nomade.leave.rules import overlaps, telework
from nomade.leave.rules.allocation import Allocation, Pot, allocate
from nomade.leave.rules.counting import Count, Why, count, count_calendar
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.decisions import Outcome, absence_span, longest_absence
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Half, Period

# Beyond, no rule needs a day-by-day count to say no; the longest family leave (46 weeks) is within.
LONGEST_COUNTED_DAYS = 366
# Groups that the limit of consecutive days is about: leave of one's choice, by décret 85-1250.
OF_CHOICE = ("annuel", "rtt", "cet", "recuperation")


class Stop(StrEnum):
    """Why a request cannot be sent."""

    PAST = "past"
    OVERLAP = "overlap"
    IN_ANNUAL_LEAVE = "in_annual_leave"
    NOT_IN_SERVICE = "not_in_service"
    AWAY = "away"
    NOTHING_TO_COUNT = "nothing_to_count"
    TOO_LONG = "too_long"
    NOT_OPEN = "not_open"
    NOT_ENOUGH = "not_enough"
    EXPIRED = "expired"
    WHOLE_DAYS = "whole_days"
    NOTICE = "notice"
    OVER_CAP = "over_cap"
    OVER_YEAR_CAP = "over_year_cap"
    TELEWORK_WEEK = "telework_week"
    NO_COUNTER = "no_counter"
    NEEDS_HR = "needs_hr"


@dataclass(frozen=True)
class Finding:
    """One rule that stops a request (or only warns), its text, and the numbers that explain it (days or half-days)."""

    stop: Stop
    source: str
    limit: int = 0
    found: int = 0
    year: int = 0
    day: date | None = None
    # The position that keeps the agent away, in words.
    word: str = ""


@dataclass(frozen=True)
class Kind:
    """What a type of absence says to the rules."""

    group: str = "annuel"
    priority: int = 50
    counter: str = ""
    whole_days: bool = False
    calendar_days: bool = False
    notice_days: int = 0
    past_days: int = 0
    cap_request: int | None = None
    cap_year: int | None = None
    exception: str = ""
    source: str = ""


@dataclass(frozen=True)
class Other:
    """An absence that the agent has already: its half-days, group and priority; `key` is how the caller finds it."""

    period: Period
    group: str = "annuel"
    priority: int = 50
    key: UUID | None = None


@dataclass(frozen=True)
class Ask:
    """What is asked, and all that the rules need to know about the agent.

    `pots` are the counters that the type may take from; None when it takes days from no counter. `used_in_year` are the
    half-days of the type already taken or asked, by year, for a type with a cap. `regularised`: entered by who may
    regularise what is past.
    """

    period: Period
    today: date
    timetable: Timetable
    holidays: Mapping[date, str]
    kind: Kind
    pots: Sequence[Pot] | None
    others: Sequence[Other]
    used_in_year: Mapping[int, int] = field(default_factory=dict)
    regularised: bool = False
    # Minutes asked on one day, for a type counted in minutes.
    minutes: int | None = None


@dataclass(frozen=True)
class Effect:
    """What a request does to another absence once it is sent."""

    other: Other
    effect: overlaps.Effect


@dataclass(frozen=True)
class Judgement:
    """The answer: the count, what stops the request (nothing when it may be sent), what only warns, what it cancels."""

    count: Count
    findings: tuple[Finding, ...] = field(default=())
    warnings: tuple[Finding, ...] = field(default=())
    allocation: Allocation = field(default=Allocation((), {}))
    effects: tuple[Effect, ...] = field(default=())

    @property
    def may_be_sent(self) -> bool:
        return not self.findings


def judge(ask: Ask, law: Law) -> Judgement:
    """Applies each rule; an agent reads all that stops them at once, not one error after another."""
    period, kind = ask.period, ask.kind
    if period.calendar_days > LONGEST_COUNTED_DAYS:
        return Judgement(Count(()), (_too_long(ask, period, law),))
    counted = _count(ask)
    findings = _dates(ask)
    met, effects = _meetings(ask)
    findings += met
    if any(half.why is Why.NOT_IN_SERVICE for half in counted.halves):
        findings.append(Finding(Stop.NOT_IN_SERVICE, "décret 85-1250 art. 1"))
    elif counted.half_days == 0:
        findings.append(Finding(Stop.NOTHING_TO_COUNT, "décret 85-1250 art. 1"))
    warnings = _warnings(ask)
    if kind.group in OF_CHOICE:
        span = _absence(ask)
        answer = longest_absence(span, counter=kind.counter, exception=kind.exception, law=law)
        if answer.outcome is Outcome.NEEDS_HR:
            warnings.append(Finding(Stop.NEEDS_HR, answer.source, found=span.calendar_days))
        elif answer.outcome is Outcome.BLOCKED:
            findings.append(_too_long(ask, span, law))
    findings += _limits(ask, counted)
    if kind.group == overlaps.TELEWORK:
        findings += _telework_weeks(ask, counted, law)
    allocation = Allocation((), {})
    if ask.pots is not None:
        allocation = allocate(_charged(ask, counted), ask.pots)
        findings += _balance(ask, counted, allocation)
    return Judgement(counted, tuple(findings), tuple(warnings), allocation, effects)


def _charged(ask: Ask, counted: Count) -> Mapping[date, int]:
    """What each day takes from a counter: its half-days, or the minutes asked."""
    return counted.days_counted() if ask.minutes is None else {ask.period.first_day: ask.minutes}


def _count(ask: Ask) -> Count:
    if ask.kind.calendar_days:
        return count_calendar(ask.period, ask.timetable)
    return count(ask.period, ask.timetable, ask.holidays)


def _dates(ask: Ask) -> list[Finding]:
    if ask.regularised or ask.period.first_day >= ask.today - timedelta(days=ask.kind.past_days):
        return []
    # Décret 85-1250 art. 3: leave is agreed before it is taken; what is past is regularised by a supervisor or HR.
    return [Finding(Stop.PAST, "décret 85-1250 art. 3", limit=ask.kind.past_days)]


def _warnings(ask: Ask) -> list[Finding]:
    """A notice that is too short never stops: the need may be real, and the decider judges it.

    A day that is past has none: the request regularises it, which is said apart.
    """
    notice = (ask.period.first_day - ask.today).days
    if ask.regularised or notice < 0 or notice >= ask.kind.notice_days:
        return []
    return [Finding(Stop.NOTICE, ask.kind.source, limit=ask.kind.notice_days, found=notice)]


def _meetings(ask: Ask) -> tuple[list[Finding], tuple[Effect, ...]]:
    """What each absence met on the way says: it stops the request, or gives way."""
    findings: dict[Stop, Finding] = {}
    effects = []
    for other in ask.others:
        if not other.period.overlaps(ask.period):
            continue
        met = overlaps.meet(ask.kind.group, ask.kind.priority, other.group, other.priority)
        if met.decision.outcome is Outcome.ALLOWED:
            effects.append(Effect(other, met.effect))
        elif met.decision.outcome is Outcome.REFUSED:
            findings[Stop.IN_ANNUAL_LEAVE] = Finding(Stop.IN_ANNUAL_LEAVE, met.decision.source)
        else:
            findings[Stop.OVERLAP] = Finding(Stop.OVERLAP, "une seule absence par demi-journée")
    return list(findings.values()), tuple(effects)


def _absence(ask: Ask) -> Period:
    def is_worked(day: date, half: Half) -> bool:
        return day not in ask.holidays and half in (ask.timetable.halves_worked(day) or ())

    apart = [o.period for o in ask.others if not o.period.overlaps(ask.period) and o.group in OF_CHOICE]
    return absence_span(ask.period, apart, is_worked)


def _too_long(ask: Ask, span: Period, law: Law) -> Finding:
    limit = law.row("absence.longest_days", ask.today)
    return Finding(Stop.TOO_LONG, limit.source, limit=int(limit.value), found=span.calendar_days)


def _limits(ask: Ask, counted: Count) -> list[Finding]:
    """Whole days, and the caps of the type by request and by year."""
    kind, found = ask.kind, []
    if kind.whole_days and any(halves % 2 for halves in counted.days_counted().values()):
        found.append(Finding(Stop.WHOLE_DAYS, kind.source))
    if kind.cap_request is not None and counted.half_days > kind.cap_request:
        found.append(Finding(Stop.OVER_CAP, kind.source, limit=kind.cap_request, found=counted.half_days))
    if kind.cap_year is not None:
        for year, asked in counted.by_year().items():
            total = asked + ask.used_in_year.get(year, 0)
            if total > kind.cap_year:
                found.append(Finding(Stop.OVER_YEAR_CAP, kind.source, limit=kind.cap_year, found=total, year=year))
    return found


def _telework_weeks(ask: Ask, counted: Count, law: Law) -> list[Finding]:
    """Each week of the request, with the telework it already holds (décret 2016-151 art. 3)."""
    weeks: Counter[date] = Counter()
    for day, halves in counted.days_counted().items():
        weeks[_monday(day)] += halves
    for other in ask.others:
        if other.group == overlaps.TELEWORK and not other.period.overlaps(ask.period):
            for day, halves in count(other.period, ask.timetable, ask.holidays).days_counted().items():
                if _monday(day) in weeks:
                    weeks[_monday(day)] += halves
    for monday, asked in sorted(weeks.items()):
        days = [monday + timedelta(days=offset) for offset in range(7)]
        worked = sum(len(ask.timetable.halves_worked(day) or ()) for day in days)
        answer = telework.week(
            Fraction(worked, 2), Fraction(asked, 2), exception=ask.kind.exception, on=monday, law=law
        )
        if answer.decision.outcome is Outcome.BLOCKED:
            most = int(answer.most * 2)
            return [Finding(Stop.TELEWORK_WEEK, answer.decision.source, limit=most, found=asked, day=monday)]
    return []


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _balance(ask: Ask, counted: Count, allocation: Allocation) -> list[Finding]:
    """By civil year: rights not open yet, expired before the day, or not enough of them."""
    pots, charged, found = ask.pots or (), _charged(ask, counted), []
    if not pots and allocation.missing and ask.kind.group not in ("annuel", "rtt"):
        return [Finding(Stop.NO_COUNTER, ask.kind.source)]
    for year in sorted({day.year for day in allocation.missing}):
        days = [day for day in charged if day.year == year]
        good = [pot for pot in pots if any(pot.covers(day) for day in days)]
        expired = [
            pot for pot in pots if pot.left > 0 and pot.last is not None and date(year, 1, 1) <= pot.last < min(days)
        ]
        if good:
            left, needed = sum(pot.left for pot in good), sum(charged[day] for day in days)
            found.append(Finding(Stop.NOT_ENOUGH, "solde du compteur", limit=left, found=needed, year=year))
        elif expired:
            latest = max(pot.last for pot in expired if pot.last is not None)
            found.append(Finding(Stop.EXPIRED, "décret 85-1250 art. 5", year=year, day=latest))
        else:
            found.append(Finding(Stop.NOT_OPEN, "droits ouverts par année civile, décret 85-1250 art. 1", year=year))
    return found
