"""A request judged as a whole: what it costs, and every rule that stops it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from nomade.leave.rules.counting import Count, Why, count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.decisions import Outcome, absence_span, longest_absence, overlap
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Half, Period

# Beyond, no rule needs a day-by-day count to say no.
LONGEST_COUNTED_DAYS = 366


class Stop(StrEnum):
    """Why a request cannot be sent."""

    PAST = "past"
    OVERLAP = "overlap"
    NOT_IN_SERVICE = "not_in_service"
    NOTHING_TO_COUNT = "nothing_to_count"
    TOO_LONG = "too_long"
    NOT_OPEN = "not_open"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True)
class Finding:
    """One rule that stops a request, the text it rests on, and the numbers that explain it (days or half-days)."""

    stop: Stop
    source: str
    limit: int = 0
    found: int = 0
    year: int = 0


@dataclass(frozen=True)
class Ask:
    """What is asked, and all that the rules need to know about the agent.

    `balances` gives the half-days left of the counter by year, without a year whose rights are not open; None when
    the type takes days from no counter.
    """

    period: Period
    today: date
    timetable: Timetable
    holidays: Mapping[date, str]
    counter: str
    balances: Mapping[int, int] | None
    others: Sequence[Period]


@dataclass(frozen=True)
class Judgement:
    """The answer: the count, and what stops the request (nothing when it may be sent)."""

    count: Count
    findings: tuple[Finding, ...] = field(default=())

    @property
    def may_be_sent(self) -> bool:
        return not self.findings


def judge(ask: Ask, law: Law) -> Judgement:
    """Applies each rule; an agent reads all that stops them at once, not one error after another."""
    period = ask.period
    if period.calendar_days > LONGEST_COUNTED_DAYS:
        return Judgement(Count(()), (_too_long(ask, period, law),))
    counted = count(period, ask.timetable, ask.holidays)
    findings: list[Finding] = []
    if period.first_day < ask.today:
        # Décret 85-1250 art. 3: leave is agreed before it is taken; what is past is regularised by HR.
        findings.append(Finding(Stop.PAST, "décret 85-1250 art. 3"))
    if overlap(period, ask.others).outcome is Outcome.BLOCKED:
        findings.append(Finding(Stop.OVERLAP, "une seule absence par demi-journée"))
    if any(half.why is Why.NOT_IN_SERVICE for half in counted.halves):
        findings.append(Finding(Stop.NOT_IN_SERVICE, "décret 85-1250 art. 1"))
    elif counted.half_days == 0:
        findings.append(Finding(Stop.NOTHING_TO_COUNT, "décret 85-1250 art. 1"))
    span = _absence(ask)
    if longest_absence(span, counter=ask.counter, law=law).outcome is not Outcome.ALLOWED:
        findings.append(_too_long(ask, span, law))
    findings.extend(_balance(ask, counted))
    return Judgement(counted, tuple(findings))


def _absence(ask: Ask) -> Period:
    def is_worked(day: date, half: Half) -> bool:
        return day not in ask.holidays and half in (ask.timetable.halves_worked(day) or ())

    apart = [other for other in ask.others if not other.overlaps(ask.period)]
    return absence_span(ask.period, apart, is_worked)


def _too_long(ask: Ask, span: Period, law: Law) -> Finding:
    limit = law.row("absence.longest_days", ask.today)
    return Finding(Stop.TOO_LONG, limit.source, limit=int(limit.value), found=span.calendar_days)


def _balance(ask: Ask, counted: Count) -> list[Finding]:
    if ask.balances is None:
        return []
    found = []
    for year, needed in counted.by_year().items():
        if year not in ask.balances:
            found.append(Finding(Stop.NOT_OPEN, "droits ouverts par année civile, décret 85-1250 art. 1", year=year))
        elif needed > ask.balances[year]:
            found.append(
                Finding(Stop.NOT_ENOUGH, "solde du compteur", limit=ask.balances[year], found=needed, year=year)
            )
    return found
