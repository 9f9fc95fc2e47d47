"""The only place that asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_silent: ContextVar[bool] = ContextVar("clock_silent", default=False)


@contextmanager
def unasked() -> Iterator[None]:
    """Inside, asking the time is a mistake: what is made there is kept, and must hold at any time."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _silent.get():
        raise RuntimeError("the time is asked where what is made will be kept: pass it as a value")
    return datetime.now(tz=UTC)


def today() -> date:
    """The civil date of the organisation (Europe/Paris)."""
    return now().astimezone(PARIS).date()
