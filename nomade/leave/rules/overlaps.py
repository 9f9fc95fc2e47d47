"""Two absences on the same half-days: which one stays (domain § 1.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nomade.leave.rules.counting import Count, count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.decisions import Decision, Outcome
from nomade.leave.rules.periods import Period, half_of


class Effect(StrEnum):
    """What becomes of the absence that was there."""

    NONE = ""
    TELEWORK_CANCELLED = "teletravail_annule"
    GIVEN_BACK = "jours_rendus"


@dataclass(frozen=True)
class Meeting:
    """The answer to an absence asked over another one."""

    decision: Decision
    effect: Effect = Effect.NONE


TELEWORK, HEALTH, FAMILY, SPECIAL, ANNUAL = "teletravail", "sante", "famille", "asa", "annuel"


def meet(asked: str, asked_priority: int, present: str, present_priority: int) -> Meeting:
    """An absence is asked where another is, each known by its group and its priority.

    Telework supposes a day worked: any absence cancels it. Health and maternity prevail over all: an agent who falls
    ill on leave gets the days back (CJUE 21-06-2012 C-78/11). No special absence within annual leave. Else, one a
    half-day.
    """
    if present == TELEWORK and asked != TELEWORK:
        return Meeting(Decision(Outcome.ALLOWED), Effect.TELEWORK_CANCELLED)
    if asked == SPECIAL and present == ANNUAL:
        return Meeting(
            Decision(Outcome.REFUSED, "conge_annuel", "pas d’autorisation d’absence pendant un congé annuel")
        )
    if asked in (HEALTH, FAMILY) and asked_priority > present_priority:
        return Meeting(Decision(Outcome.ALLOWED), Effect.GIVEN_BACK)
    return Meeting(Decision(Outcome.BLOCKED, "chevauchement", "règle de gestion"))


def remainders(period: Period, over: Period) -> list[Period]:
    """What is left of a period once another has taken its place: nothing, one part, or two."""
    if not period.overlaps(over):
        return [period]
    found = []
    if period.first_slot < over.first_slot:
        found.append(_between(period.first_slot, over.first_slot - 1))
    if over.last_slot < period.last_slot:
        found.append(_between(over.last_slot + 1, period.last_slot))
    return found


def _between(first: int, last: int) -> Period:
    (first_day, first_half), (last_day, last_half) = half_of(first), half_of(last)
    return Period(first_day, last_day, first_half, last_half)


@dataclass(frozen=True)
class GivenBack:
    """A leave met by an illness: half-days kept, half-days given back, and the parts that stay."""

    kept: int
    given_back: int
    parts: Sequence[Period]


def given_back(leave: Period, over: Period, timetable: Timetable, holidays: Mapping[date, str]) -> GivenBack:
    """The worked half-days of a leave that an absence of higher priority covers come back."""
    parts = remainders(leave, over)
    kept = sum(_counted(part, timetable, holidays).half_days for part in parts)
    return GivenBack(kept, _counted(leave, timetable, holidays).half_days - kept, parts)


def _counted(period: Period, timetable: Timetable, holidays: Mapping[date, str]) -> Count:
    return count(period, timetable, holidays)
