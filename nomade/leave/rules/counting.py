"""How many half-days a period costs, and why each of the others costs nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.periods import Half, Period

SATURDAY = 5


class Why(StrEnum):
    """Why a half-day is counted or not."""

    WORKED = "worked"
    HOLIDAY = "holiday"
    REST = "rest"
    OWN_DAY_OFF = "own_day_off"
    NOT_IN_SERVICE = "not_in_service"
    CLOSED = "closed"


@dataclass(frozen=True)
class CountedHalf:
    """One half-day of the period and the reason of its fate; `name` names the holiday."""

    day: date
    half: Half
    why: Why
    name: str = ""

    @property
    def counted(self) -> bool:
        return self.why is Why.WORKED


@dataclass(frozen=True)
class Count:
    """What a period costs, half-day by half-day."""

    halves: tuple[CountedHalf, ...]

    @property
    def half_days(self) -> int:
        return sum(half.counted for half in self.halves)

    def by_year(self) -> dict[int, int]:
        """Half-days charged to each civil year: each day is charged to its own year."""
        years: Counter[int] = Counter()
        for half in self.halves:
            if half.counted:
                years[half.day.year] += 1
        return dict(years)

    def days_counted(self) -> dict[date, int]:
        """Half-days counted on each day that has some."""
        days: Counter[date] = Counter()
        for half in self.halves:
            if half.counted:
                days[half.day] += 1
        return dict(days)


def count(period: Period, timetable: Timetable, holidays: Mapping[date, str]) -> Count:
    """Count the « jours effectivement ouvrés » of a period in half-days.

    Décret 85-1250 art. 1: leave is counted in days really worked; holidays, rest days and the days off of a part-time
    agent inside a leave cost nothing. Never counted in hours (CAA Paris 29-01-2008).
    """
    return Count(tuple(_judge(day, half, timetable, holidays) for day, half in period.half_days()))


def count_calendar(period: Period, timetable: Timetable) -> Count:
    """Count every half-day of the calendar, as health and family leaves are (CGFP L.822-1, L.631-1)."""
    halves = []
    for day, half in period.half_days():
        known = timetable.halves_worked(day) is not None
        halves.append(CountedHalf(day, half, Why.WORKED if known else Why.NOT_IN_SERVICE))
    return Count(tuple(halves))


def _judge(day: date, half: Half, timetable: Timetable, holidays: Mapping[date, str]) -> CountedHalf:
    worked = timetable.halves_worked(day)
    if worked is None:
        return CountedHalf(day, half, Why.NOT_IN_SERVICE)
    if day in timetable.closed:
        return CountedHalf(day, half, Why.CLOSED, timetable.closed[day])
    if half not in worked:
        # A holiday that falls on a day off explains nothing more to the agent: the day was free anyway.
        return CountedHalf(day, half, Why.REST if day.weekday() >= SATURDAY else Why.OWN_DAY_OFF)
    if day in holidays and not timetable.works_on_holidays(day):
        return CountedHalf(day, half, Why.HOLIDAY, holidays[day])
    return CountedHalf(day, half, Why.WORKED)
