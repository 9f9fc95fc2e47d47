"""The working days of an office: its week, the public holidays, the closings that human resources keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from nomade.cases.working_days import WorkingDays
from nomade.people.ports import public_holidays
from nomade.questions.models import Closing, Office

# Before: what was paused in the past is counted anew; after: the longest promise in the shortest weeks.
BEFORE, AFTER = timedelta(days=200), timedelta(days=400)


def calendars_around(offices: Iterable[Office], day: date) -> dict[int, WorkingDays]:
    """The working days of some offices (by id), from half a year before a day to a year after; two queries."""
    wanted = {office.pk: office for office in offices}
    first, last = day - BEFORE, day + AFTER
    shared = set(public_holidays(first, last) or set())
    own: dict[int, set[date]] = {key: set() for key in wanted}
    closings = Closing.objects.filter(Q(office__isnull=True) | Q(office__in=wanted), last_day__gte=first)
    for closing in closings:
        days = {closing.first_day + timedelta(days=n) for n in range((closing.last_day - closing.first_day).days + 1)}
        if closing.office_id is None:
            shared |= days
        else:
            own[closing.office_id] |= days
    return {key: WorkingDays(office.week, frozenset(shared | own[key])) for key, office in wanted.items()}


def calendar_around(office: Office, day: date) -> WorkingDays:
    """The working days of one office."""
    return calendars_around([office], day)[office.pk]
