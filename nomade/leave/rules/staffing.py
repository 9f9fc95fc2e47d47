"""How many must be there, and when nobody may ask to leave: needs of service that a team writes down beforehand.

CE 20-12-2013 n° 362940 asks for concrete needs; a written minimum and a written period are concrete ones. They explain
a decision, they never take it: décret 85-1250 art. 3 leaves the calendar of leave to the authority.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from nomade.leave.rules.periods import Period


class Minimum(Protocol):
    """A number of people, between two days."""

    people: int
    valid_from: date
    valid_to: date | None


class Forbidden(Protocol):
    """A stretch of days, both included."""

    first_day: date
    last_day: date


Written = TypeVar("Written", bound=Forbidden)


def minimum_on(minimums: Iterable[Minimum], day: date) -> int | None:
    """The minimum in force on a day: the latest one written, or None when the team has none."""
    known = [one for one in minimums if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)]
    return max(known, key=lambda one: one.valid_from).people if known else None


def forbidden_by(periods: Iterable[Written], asked: Period) -> list[Written]:
    """The written periods that share a day with what is asked."""
    return [one for one in periods if one.first_day <= asked.last_day and one.last_day >= asked.first_day]
