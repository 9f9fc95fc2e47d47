"""Hours done beyond the cycle, given back as time (décret 2002-60 art. 3 and 6)."""

from datetime import date

from nomade.leave.rules.parameters import Law

MINUTES_IN_HOUR = 60
WHOLE = 100


def given_back(minutes: int, period: str, on: date, law: Law) -> int:
    """The minutes to recover for minutes done: as many, or more by a local rule at night, on Sunday, on a holiday."""
    return round(minutes * law.number("recup.percent", on, period) / WHOLE)


def month_limit(on: date, law: Law) -> int:
    """The minutes of a month beyond which extra hours need a decision of their own (art. 6: 25 hours)."""
    return law.number("recup.month_hours", on) * MINUTES_IN_HOUR


def is_too_late(day: date, today: date, law: Law) -> bool:
    """Whether hours were done too long ago to be declared (local rule)."""
    return (today - day).days > law.number("recup.past_days", today)
