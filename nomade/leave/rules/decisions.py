"""May this request be made? May it be refused? Until when must it be answered?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nomade.kernel.months import add_months
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Half, Period, half_of

MONTHS_IN_YEAR = 12


class Outcome(StrEnum):
    """What a rule answers; the values are those of the domain's cases."""

    ALLOWED = "recevable"
    BLOCKED = "bloquee"
    NEEDS_HR = "validation_rh"
    REFUSED = "refusee"
    FORBIDDEN = "interdit"


@dataclass(frozen=True)
class Decision:
    """The answer of a rule, the code of its reason and the text it rests on."""

    outcome: Outcome
    reason: str = ""
    source: str = ""


ALLOWED = Decision(Outcome.ALLOWED)


def absence_span(period: Period, others: Iterable[Period], is_worked: Callable[[date, Half], bool]) -> Period:
    """The unbroken absence that `period` makes with the absences it touches, or reaches over half-days nobody works.

    Two requests around a weekend are one absence of the service; so the limit cannot be passed by splitting a request.
    """
    span, waiting = period, list(others)
    while joined := [other for other in waiting if _adjoins(span, other, is_worked)]:
        waiting = [other for other in waiting if other not in joined]
        for other in joined:
            span = _around(span, other)
    return span


def _adjoins(one: Period, other: Period, is_worked: Callable[[date, Half], bool]) -> bool:
    """Whether no worked half-day lies strictly between two periods."""
    before, after = (one, other) if one.first_slot <= other.first_slot else (other, one)
    return not any(is_worked(*half_of(slot)) for slot in range(before.last_slot + 1, after.first_slot))


def _around(one: Period, other: Period) -> Period:
    first_day, first_half = half_of(min(one.first_slot, other.first_slot))
    last_day, last_half = half_of(max(one.last_slot, other.last_slot))
    return Period(first_day, last_day, first_half, last_half)


def longest_absence(span: Period, *, counter: str, exception: str = "", law: Law) -> Decision:
    """Décret 85-1250 art. 4: no more than 31 calendar days in a row, from the first to the last day of absence.

    Days drawn from the CET are outside the limit; HR may allow an exceptional cumul to go to one's country of origin.
    """
    limit = law.row("absence.longest_days", span.first_day)
    if span.calendar_days <= int(limit.value) or law.says_yes("absence.outside_limit", span.first_day, counter):
        return ALLOWED
    if exception and law.says_yes("absence.hr_may_allow", span.first_day, exception):
        return Decision(Outcome.NEEDS_HR, exception, law.row("absence.hr_may_allow", span.first_day, exception).source)
    return Decision(Outcome.BLOCKED, f"limite_{limit.value}_jours", limit.source)


def overlap(period: Period, existing: Sequence[Period]) -> Decision:
    """Two absences of one agent cannot cover the same half-day (règle de gestion)."""
    if any(period.overlaps(other) for other in existing):
        return Decision(Outcome.BLOCKED, "chevauchement", "règle de gestion")
    return ALLOWED


def refusal(motive: str) -> Decision:
    """A refusal states its reasons of law and fact (CRPA L.211-2; CE 20-12-2013 n° 362940)."""
    if not motive.strip():
        return Decision(Outcome.BLOCKED, "motif_obligatoire", "CRPA L.211-2, CE 20-12-2013 n° 362940")
    return ALLOWED


def may_decide_for(asker: object, decider: object) -> Decision:
    """Nobody decides for oneself (règle de gestion)."""
    if asker == decider:
        return Decision(Outcome.FORBIDDEN, "pour_soi_meme", "règle de gestion")
    return ALLOWED


def silence_becomes_refusal(asked_on: date, law: Law) -> date:
    """Day on which silence is a refusal between an administration and its agents (CRPA L.231-4 5°)."""
    return add_months(asked_on, law.number("request.silence_months", asked_on))


def promised_answer(asked_on: date, law: Law, is_working_day: Callable[[date], bool]) -> date:
    """Day by which the city promises an answer: a number of working days after the request (local parameter)."""
    day, left = asked_on, law.number("request.answer_working_days", asked_on)
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day
