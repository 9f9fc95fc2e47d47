"""Who has a seat, who waits, and who is next. No ORM, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A request as the seats see it: its order of arrival, and the path of its owner's unit."""

    rank: int
    unit: str


@dataclass(frozen=True)
class Limit:
    """The most seats of a unit and all below it."""

    unit: str
    seats: int

    def covers(self, unit: str) -> bool:
        """Whether a unit's path is this one or below it."""
        return unit == self.unit or unit.startswith(f"{self.unit}/")


def has_room(claim: Claim, seated: Sequence[Claim], *, seats: int, limits: Sequence[Limit] = ()) -> bool:
    """Whether one more fits: in the session, and in each quota that covers its unit."""
    if len(seated) >= seats:
        return False
    return all(
        sum(limit.covers(other.unit) for other in seated) < limit.seats for limit in limits if limit.covers(claim.unit)
    )


def next_in_line(
    waiting: Sequence[Claim], seated: Sequence[Claim], *, seats: int, limits: Sequence[Limit] = ()
) -> list[Claim]:
    """Who gets the free seats, in the order of arrival; somebody whose quota is full is passed over, not put back."""
    chosen: list[Claim] = []
    for claim in sorted(waiting, key=lambda one: one.rank):
        if has_room(claim, [*seated, *chosen], seats=seats, limits=limits):
            chosen.append(claim)
    return chosen
