"""Promises in working days: which days count, and the day that lies so many of them ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

# Nobody promises further: a week without a working day must not be walked for ever.
FURTHEST_DAYS = 3 * 366


@dataclass(frozen=True)
class WorkingDays:
    """The working days of an office: seven signs, Monday first, `1` for a working one; and the days it is closed."""

    week: str = "1111100"
    closed: frozenset[date] = field(default_factory=frozenset)

    def works(self, day: date) -> bool:
        """Whether somebody may answer on a day."""
        return self.week[day.weekday()] == "1" and day not in self.closed

    def after(self, day: date, count: int) -> date:
        """The day that lies `count` working days after a day. Raises ValueError when there are not as many."""
        left, limit = count, day + timedelta(days=FURTHEST_DAYS)
        while left:
            day += timedelta(days=1)
            if day > limit:
                raise ValueError("the calendar never opens long enough")
            left -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after a day, up to another one; nothing when it does not lie ahead."""
        days = range(1, (last - first).days + 1)
        return sum(self.works(first + timedelta(days=number)) for number in days)
