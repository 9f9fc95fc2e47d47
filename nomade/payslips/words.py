"""Months as people write them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def month_label(month: date, *, of: bool = False) -> str:
    """`octobre 2026`, or with `of` `d’octobre 2026` and `de mars 2026`."""
    name = f"{MONTHS[month.month - 1]} {month.year}"
    if not of:
        return name
    return f"d’{name}" if name[0] in "ao" else f"de {name}"
