"""Opening hours, as an operator writes them."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_STRETCH = re.compile(
    r"([a-z]+)(?:\s*-\s*([a-z]+))?\s+(\d{1,2})[:h](\d{2})?\s*-\s*(\d{1,2})[:h](\d{2})?", re.IGNORECASE
)

# Weekday (Monday is 0), opening, closing; in order.
Opening = tuple[int, time, time]


def read_opening(raw: str) -> tuple[Opening, ...]:
    """Reads « lundi-vendredi 8:00-12:00, lundi-jeudi 13:00-18:00 ». Raises ValueError."""
    found: list[Opening] = []
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        match = _STRETCH.fullmatch(part)
        if match is None:
            raise ValueError(part)
        first, last = _day(match[1]), _day(match[2] or match[1])
        opens = time(int(match[3]), int(match[4] or 0))
        closes = time(int(match[5]), int(match[6] or 0))
        if first > last or opens >= closes:
            raise ValueError(part)
        found += [(day, opens, closes) for day in range(first, last + 1)]
    found.sort()
    if not found or any(one[0] == two[0] and one[2] > two[1] for one, two in pairwise(found)):
        raise ValueError(raw)
    return tuple(found)


def _day(written: str) -> int:
    named = [place for place, day in enumerate(DAYS) if day.startswith(written.lower())]
    if len(written) < 3 or len(named) != 1:
        raise ValueError(written)
    return named[0]
