"""When an answer is due: the rules, with the hours and promises of this installation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from nomade.kernel.clock import PARIS
from nomade.people.ports import public_holidays
from nomade.support.models import Priority
from nomade.support.rules.hours import Calendar, due_after

# Before: what was promised in the past is counted anew; after: the longest promise at the shortest hours.
BEFORE, AFTER = timedelta(days=370), timedelta(days=550)


def calendar_around(moment: datetime) -> Calendar:
    """The hours of the support, with the public holidays from a year before a moment to a year and a half after."""
    day = moment.astimezone(PARIS).date()
    closed = public_holidays(day - BEFORE, day + AFTER) or set()
    return Calendar(settings.NOMADE.support_hours, frozenset(closed), PARIS)


def promise(priority: int) -> timedelta:
    """The open hours within which an answer is promised."""
    chosen = {
        Priority.URGENT: settings.NOMADE.support_urgent_hours,
        Priority.HIGH: settings.NOMADE.support_high_hours,
        Priority.NORMAL: settings.NOMADE.support_normal_hours,
        Priority.LOW: settings.NOMADE.support_low_hours,
    }
    return timedelta(hours=chosen[Priority(priority)])


def due_for(priority: int, start: datetime) -> datetime:
    """When what is asked now is due."""
    return due_after(start, promise(priority), calendar_around(start))
