"""When a document may go, whose a file is, how often somebody is reminded. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

_MATRICULE = re.compile(r"[0-9A-Za-z]{3,20}")


def end_of_retention(start: str, years: int, *, deposited: date, left: date | None, born: date | None) -> date | None:
    """The first day on which a document may go; None while it cannot be told (still in service, birth unknown)."""
    from_day = {"deposit": deposited, "exit": left, "birth": born}[start]
    if from_day is None:
        return None
    try:
        return from_day.replace(year=from_day.year + years)
    except ValueError:  # 29 February
        return from_day.replace(year=from_day.year + years, month=3, day=1)


def owner_of(name: str, known: Mapping[str, int]) -> tuple[int | None, str]:
    """The agent named by a file (`00001234_arrete.pdf`), or why nobody is: two matricules make it nobody's."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    found = {known[word] for word in _MATRICULE.findall(stem) if word in known}
    if len(found) == 1:
        return found.pop(), ""
    return None, "plusieurs matricules dans le nom" if found else "aucun matricule connu dans le nom"


def is_reminder_due(since: datetime, reminded: datetime | None, at: datetime, *, every_days: int) -> bool:
    """Whether to remind somebody: so many days after the request, then after the last reminder."""
    return at - (reminded or since) >= timedelta(days=every_days)
