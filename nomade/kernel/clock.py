"""The only place that asks the machine what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(tz=UTC)


def today() -> date:
    """The civil date of the organisation (Europe/Paris)."""
    return now().astimezone(PARIS).date()
