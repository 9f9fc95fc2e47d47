"""Office hours: when an answer is due, counting only the hours in which somebody may give it.

GLPI and Zammad count the same way: a calendar of opening hours without holidays, stopped while the ticket waits for the
agent. Instants are aware; opening hours are those of the organisation's clock, summer and winter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NOTHING = timedelta(0)
# Nobody promises further: a calendar that never opens must not be walked for ever.
FURTHEST_DAYS = 3 * 366


@dataclass(frozen=True)
class Calendar:
    """When the support is open: stretches of each weekday (Monday is 0), and the days on which it is closed."""

    opening: tuple[tuple[int, time, time], ...]
    closed: frozenset[date]
    zone: ZoneInfo

    def stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open stretches of a day, in order; none on a holiday."""
        if day in self.closed:
            return []
        return [
            (datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone))
            for weekday, opens, closes in self.opening
            if weekday == day.weekday()
        ]

    def from_(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches that end after a moment, the first one cut at it."""
        first = moment.astimezone(self.zone).date()
        for offset in range(FURTHEST_DAYS):
            for opens, closes in self.stretches(first + timedelta(days=offset)):
                if closes > moment:
                    yield max(opens, moment), closes


def due_after(start: datetime, worked: timedelta, calendar: Calendar) -> datetime:
    """The moment at which `worked` open hours have gone by since `start`.

    Raises ValueError when the calendar does not open long enough in three years.
    """
    left = worked
    for opens, closes in calendar.from_(start):
        length = _elapsed(opens, closes)
        if left <= length:
            return opens.astimezone(UTC) + left
        left -= length
    raise ValueError("the calendar never opens long enough")


def worked_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The open hours from a moment to another; nothing when `end` comes first."""
    total = NOTHING
    if end <= start:
        return total
    for opens, closes in calendar.from_(start):
        if opens >= end:
            break
        total += _elapsed(opens, min(closes, end))
    return total


def due_after_pause(due: datetime, paused: datetime, resumed: datetime, calendar: Calendar) -> datetime:
    """The new due time of what waited for somebody else from `paused` to `resumed`: what was left, from then on.

    What was already late stays due when it was.
    """
    left = worked_between(paused, due, calendar)
    return due_after(resumed, left, calendar) if left else due


def due_for_another_promise(
    due: datetime, before: timedelta, after: timedelta, at: datetime, calendar: Calendar
) -> datetime:
    """The due time once the promise changes at a moment, from `before` open hours to `after`: what was used stays used.

    A promise that is already used up is due at once.
    """
    used = before - worked_between(at, due, calendar) + worked_between(due, at, calendar)
    left = after - used
    return due_after(at, left, calendar) if left > NOTHING else at


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time between two moments of one zone, whose difference would otherwise be that of the clocks on the wall."""
    return timedelta(seconds=end.timestamp() - start.timestamp())
