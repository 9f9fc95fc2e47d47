"""The working days by which requests are promised and reminded: Monday to Friday, without public holidays."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from nomade.cases.working_days import WorkingDays
from nomade.people.ports import public_holidays

AHEAD = timedelta(days=400)


def office_days(day: date) -> WorkingDays:
    """The working days from a day on, for more than a year; without the service that knows holidays, no holiday."""
    return WorkingDays(closed=frozenset(public_holidays(day, day + AHEAD) or ()))


def promised(day: date, count: int) -> date:
    """The day by which an answer is promised: so many working days later."""
    return office_days(day).after(day, count)


def due_soon(day: date) -> date:
    """The last promised day of which who answers is reminded on a day."""
    return promised(day, settings.NOMADE.requests_reminder_days)
