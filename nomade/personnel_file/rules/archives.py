"""When a personal file leaves (arrêté du 21 décembre 2012, annexe: 80 years from the agent's birth), and an account."""

from __future__ import annotations

from datetime import date

FILE_YEARS = 80
# As long as a transfer order, to be confirmed by the organisation (§ 7).
ACCOUNT_YEARS = 10


def file_ends_on(birth_date: date) -> date:
    """The last day on which a file must be kept; who was born on 29 February counts to 1 March."""
    return _years_after(birth_date, FILE_YEARS)


def born_before(day: date) -> date:
    """The latest birth whose file was kept long enough on a day: its last day is past."""
    try:
        limit = day.replace(year=day.year - FILE_YEARS)
    except ValueError:
        limit = date(day.year - FILE_YEARS, 2, 28)
    while file_ends_on(limit) >= day:
        limit = date.fromordinal(limit.toordinal() - 1)
    return limit


def account_ends_on(last: date) -> date:
    """The last day on which an account is kept that pay went to until a day."""
    return _years_after(last, ACCOUNT_YEARS)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
