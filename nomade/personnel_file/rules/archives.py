"""When a personal file leaves (arrêté du 21 décembre 2012, annexe: 80 years from the agent's birth)."""

from __future__ import annotations

from datetime import date

FILE_YEARS = 80


def file_ends_on(birth_date: date) -> date:
    """The last day on which a file must be kept; who was born on 29 February counts to 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + FILE_YEARS)
    except ValueError:
        return date(birth_date.year + FILE_YEARS, 3, 1)
