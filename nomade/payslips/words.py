"""Months as people write them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from nomade.people.folding import fold

if TYPE_CHECKING:
    from nomade.payslips.models import Payslip

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


def matches(slip: Payslip, query: str) -> bool:
    """Whether a slip answers a search by month, year, kind or the words « bulletin de paie »."""
    title = f"bulletin de paie {month_label(slip.period, of=True)} fiche salaire"
    known = fold(f"{title} {slip.period:%Y-%m} {slip.period:%m/%Y} {slip.get_type_display()} {slip.run}")
    return all(word in known for word in fold(query).split())
