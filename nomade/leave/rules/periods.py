"""A period of absence, from a half-day to a half-day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Half(IntEnum):
    """The two halves of a day, in their order."""

    MORNING = 0
    AFTERNOON = 1


def slot_of(day: date, half: Half) -> int:
    """Number of a half-day on one line of time, so that periods compare and overlap as plain integers."""
    return day.toordinal() * 2 + half


def half_of(slot: int) -> tuple[date, Half]:
    """The half-day that bears this number."""
    return date.fromordinal(slot // 2), Half(slot % 2)


@dataclass(frozen=True)
class Period:
    """From the half `first_half` of `first_day` to the half `last_half` of `last_day`, both included."""

    first_day: date
    last_day: date
    first_half: Half = Half.MORNING
    last_half: Half = Half.AFTERNOON

    def __post_init__(self) -> None:
        if self.last_slot < self.first_slot:
            raise ValueError("a period ends before it starts")

    @property
    def first_slot(self) -> int:
        return slot_of(self.first_day, self.first_half)

    @property
    def last_slot(self) -> int:
        return slot_of(self.last_day, self.last_half)

    @property
    def calendar_days(self) -> int:
        """Days from the first to the last, rest days included."""
        return (self.last_day - self.first_day).days + 1

    def half_days(self) -> Iterator[tuple[date, Half]]:
        """Each half-day of the period in order."""
        for slot in range(self.first_slot, self.last_slot + 1):
            yield half_of(slot)

    def days(self) -> Iterator[date]:
        for offset in range(self.calendar_days):
            yield self.first_day + timedelta(days=offset)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a half-day: an agent is absent once at a time (règle de gestion)."""
        return self.first_slot <= other.last_slot and other.first_slot <= self.last_slot
