"""Trainings outside the catalogue: whether their days are taken whole. No ORM, no clock."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

#: Hours of a half-day.
HALF_DAY = Decimal("3.5")


def holds_its_days(first: date, last: date, hours: Decimal) -> bool:
    """Whether a training fills the working days between two dates: at least a half-day on each, on average.

    A course of three days does; evening classes from January to June do not, and leave the calendar alone.
    """
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    working = sum(day.weekday() < 5 for day in days)
    return working > 0 and hours >= HALF_DAY * working
