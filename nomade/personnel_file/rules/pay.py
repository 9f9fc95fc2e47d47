"""From which pay a change counts, and what a promise in working days means."""

from __future__ import annotations

from datetime import date, timedelta


def pay_month(decided_on: date, effective_on: date, cutoff_day: int) -> date:
    """The first day of the first month whose pay knows of a change: the pay is closed after the cut-off day.

    A change that takes effect later waits for its own month; one of the past is made good with that pay.
    """
    month = decided_on.replace(day=1)
    if decided_on.day > cutoff_day:
        month = (month + timedelta(days=32)).replace(day=1)
    return max(month, effective_on.replace(day=1))


def cutoff_of(month: date, cutoff_day: int) -> date:
    """The last day on which a change still enters a month's pay."""
    return month.replace(day=cutoff_day)


def a_month_later(day: date) -> date:
    """One month later, or the last day of that month (RGPD art. 12.3; règlement 1182/71 art. 3)."""
    year, month = divmod(day.year * 12 + day.month, 12)
    month += 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("no month is shorter than 28 days")
