"""From what the trainer ticked to hours credited. No ORM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: A certificate of end of training is made from this share of the hours followed; below, one of attendance only.
WHOLE = 0.8


@dataclass(frozen=True)
class HalfDay:
    """What was noted of one half-day, in minutes."""

    due: int
    followed: int


def credited(half_days: Iterable[HalfDay]) -> int:
    """Minutes followed, never more than were given on each half-day."""
    return sum(min(one.followed, one.due) for one in half_days)


def has_followed(half_days: Iterable[HalfDay]) -> bool:
    """Whether enough was followed for the training to count as done."""
    noted = list(half_days)
    due = sum(one.due for one in noted)
    return due > 0 and credited(noted) >= WHOLE * due


def in_words(minutes: int) -> str:
    """« 7 h », « 3 h 30 »."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{rest:02d}" if rest else "")
