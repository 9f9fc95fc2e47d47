"""Which office answers an agent on a topic. The rules are the organisation's own; no text sets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Direction:
    """For the agents of a unit and below, another office; `topic` is one topic, or empty for those of the same role."""

    unit: str
    topic: str
    office: int
    role: str


def office_for(*, topic: str, office: int, role: str, unit: str, directions: Iterable[Direction]) -> int:
    """The office that answers: the nearest unit's, a way of this very topic before a general one, else the topic's own.

    A general way never sends a question to an office of another role: what concerns pay stays with the pay office.
    """
    fitting = [
        one
        for one in directions
        if (unit == one.unit or unit.startswith(f"{one.unit}/"))
        and (one.topic == topic or (not one.topic and one.role == role))
    ]
    best = max(fitting, key=lambda one: (bool(one.topic), len(one.unit)), default=None)
    return best.office if best else office
