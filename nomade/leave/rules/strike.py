"""A strike in local government: what is withheld, and in some services the intention declared beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from nomade.leave.rules.parameters import Law

HALVES_IN_DAY = 2
DAY_HOURS = 24


@dataclass(frozen=True)
class Withheld:
    """What a strike takes from a month's pay without the supplément familial: thirtieths, or hours of 151.67."""

    thirtieths: Fraction
    hours: Fraction
    # The hours of a month by which an hour is divided.
    month_hours: Decimal
    source: str


def withheld(half_days: int, minutes: int | None, *, on: date, law: Law) -> Withheld:
    """1/30 a day, 1/60 a half-day, 1/151.67 an hour (CGFP L.711-3, CAA Nancy 30-05-2001, DGCL 05-07-2000).

    Where a local rule says that the thirtieth is not divided (a rule of the State, not of local government), any part
    of a day costs the whole thirtieth.
    """
    month_hours = law.money("strike.hours", on)
    rule = law.row("strike.divided", on)
    if rule.value != "yes":
        days = max(1, -(-half_days // HALVES_IN_DAY))
        return Withheld(Fraction(days), Fraction(0), month_hours, rule.source)
    if minutes is not None:
        return Withheld(Fraction(0), Fraction(minutes, 60), month_hours, rule.source)
    return Withheld(Fraction(half_days, HALVES_IN_DAY), Fraction(0), month_hours, rule.source)


def declares_before(unit_path: str, on: date, law: Law) -> bool:
    """Whether a unit, or one above it, is among the services where the intention to strike is declared (L.114-7)."""
    codes = unit_path.split("/")
    above = ("/".join(codes[:depth]) for depth in range(1, len(codes) + 1))
    return any(law.says_yes("strike.declared_unit", on, path) for path in above)


def declare_before(first_day: date, law: Law, is_working_day: Callable[[date], bool]) -> date:
    """The last day to declare: 48 hours before, with one working day at least among them (CGFP L.114-9)."""
    last = first_day - timedelta(days=law.number("strike.declare_hours", first_day) // DAY_HOURS)
    while not any(is_working_day(last + timedelta(days=offset)) for offset in range((first_day - last).days)):
        last -= timedelta(days=1)
    return last


def give_up_before(first_day: date, law: Law) -> date:
    """The last day to say that one will work after all: 24 hours before (CGFP L.114-9)."""
    return first_day - timedelta(days=law.number("strike.give_up_hours", first_day) // DAY_HOURS)
