"""Work cycles: which halves of which days an agent works, week after week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from nomade.leave.rules.periods import Half

if TYPE_CHECKING:
    from nomade.leave.rules.annual import Hours

DAYS_IN_WEEK = 7
_HALVES: dict[str, frozenset[Half]] = {
    "1": frozenset(Half),
    "a": frozenset({Half.MORNING}),
    "p": frozenset({Half.AFTERNOON}),
    "0": frozenset(),
}


def sign_of(halves: frozenset[Half]) -> str:
    """The sign of a day worked on these halves."""
    return next(sign for sign, worked in _HALVES.items() if worked == halves)


@dataclass(frozen=True)
class Cycle:
    """n weeks of seven signs from Monday: 1 whole day, a morning, p afternoon, 0 off.

    `anchor` is any day of a week in which the first week of the cycle was worked.
    """

    weeks: tuple[str, ...]
    anchor: date = date(2024, 1, 1)
    # Whether public holidays are worked as other days (cycles of seven days, round-the-clock services).
    works_holidays: bool = False

    def __post_init__(self) -> None:
        if not self.weeks:
            raise ValueError("a cycle has at least one week")
        for week in self.weeks:
            if len(week) != DAYS_IN_WEEK or set(week) - set(_HALVES):
                raise ValueError(f"a week is seven signs among 1, a, p and 0: {week!r}")

    def halves_worked(self, day: date) -> frozenset[Half]:
        monday = self.anchor - timedelta(days=self.anchor.weekday())
        week = (day - monday).days // DAYS_IN_WEEK % len(self.weeks)
        return _HALVES[self.weeks[week][day.weekday()]]

    @property
    def weekly_half_days(self) -> Fraction:
        """Half-days worked in a week, on average over the cycle: the « obligations hebdomadaires de service »."""
        worked = sum(len(_HALVES[sign]) for week in self.weeks for sign in week)
        return Fraction(worked, len(self.weeks))


@dataclass(frozen=True)
class Engagement:
    """A stretch of an agent's history under one cycle. `last` is None when it goes on."""

    first: date
    last: date | None
    cycle: Cycle
    # What it says of hours, for annualised hours.
    hours: Hours | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Timetable:
    """The cycles of an agent through time: each day is judged by the situation of that day (domain rule 0.4)."""

    engagements: Sequence[Engagement]
    # Signs of the days that are not those of the cycle: a part-time day moved once, a rest day worked.
    exceptions: Mapping[date, str] = field(default_factory=dict)
    # Days on which the unit is closed, with the name of the closure.
    closed: Mapping[date, str] = field(default_factory=dict)

    def halves_worked(self, day: date) -> frozenset[Half] | None:
        """Halves worked on the day if it is no holiday; None when the agent is not known to be in service."""
        for engagement in self.engagements:
            if engagement.covers(day):
                if day in self.closed:
                    return frozenset()
                if day in self.exceptions:
                    return _HALVES[self.exceptions[day]]
                return engagement.cycle.halves_worked(day)
        return None

    def plain_cycle(self, first: date, last: date) -> Cycle | None:
        """The cycle that alone says which of these days are worked; None when a change, a move or a closure does."""
        whole = next((one for one in self.engagements if one.covers(first) and one.covers(last)), None)
        if whole is None or any(first <= day <= last for days in (self.exceptions, self.closed) for day in days):
            return None
        return whole.cycle

    def works_on_holidays(self, day: date) -> bool:
        """Whether the cycle of that day goes through public holidays (worked there, hence counted there)."""
        return any(engagement.cycle.works_holidays for engagement in self.engagements if engagement.covers(day))
