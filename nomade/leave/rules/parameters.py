"""Dated figures of the law: read from rows (a shipped CSV file, or the table it fills) and given typed to the rules.

A row says: for this key (and argument), for this population, between these days, the value is this, by this text.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

SHIPPED = Path(__file__).parent.parent / "data" / "parameters.csv"
EVERYBODY = ""


class Proration(StrEnum):
    """How a part of the year becomes a fraction of the annual right."""

    MONTHS = "months"
    DAYS = "days"


class Rounding(StrEnum):
    """How a raw number of days becomes a number of half-days."""

    HALF_DAY_UP = "half_day_up"
    HALF_DAY_DOWN = "half_day_down"


class MissingParameter(LookupError):
    """No row gives the value of a figure on that day: the table was emptied or the day is before every text."""


@dataclass(frozen=True)
class Parameter:
    """One dated figure with its source. `valid_until` is the last day of validity, or None when still in force."""

    key: str
    argument: str
    value: str
    population: str
    valid_from: date
    valid_until: date | None
    source: str
    verified: bool

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def shipped_parameters(path: Path = SHIPPED) -> list[Parameter]:
    """Read the figures shipped with the program. Raises ValueError or KeyError on a malformed file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Parameter(
                key=row["key"],
                argument=row["argument"],
                value=row["value"],
                population=row["population"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                source=row["source"],
                verified=row["verified"] == "yes",
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


class Law:
    """The figures in force for some populations; asked for a day, never for « now »."""

    def __init__(self, rows: Iterable[Parameter], populations: Sequence[str] = ()) -> None:
        """`populations` go from the least to the most specific; a more specific row hides a general one."""
        rank = {population: place for place, population in enumerate((EVERYBODY, *populations))}
        self._rows: dict[str, list[Parameter]] = {}
        for row in sorted((row for row in rows if row.population in rank), key=lambda row: rank[row.population]):
            self._rows.setdefault(row.key, []).append(row)

    def table(self, key: str, day: date) -> dict[str, Parameter]:
        """Every row of `key` in force on `day`, by argument."""
        found = {row.argument: row for row in self._rows.get(key, ()) if row.in_force(day)}
        if not found:
            raise MissingParameter(f"no value of {key!r} on {day.isoformat()}")
        return found

    def row(self, key: str, day: date, argument: str = "") -> Parameter:
        """The row of `key` in force on `day`; its `source` is what a refusal quotes."""
        try:
            return self.table(key, day)[argument]
        except KeyError:
            raise MissingParameter(f"no value of {key!r} for {argument!r} on {day.isoformat()}") from None

    def proration(self, day: date) -> Proration:
        return Proration(self.row("ca.proration", day).value)

    def rounding(self, key: str, day: date) -> Rounding:
        return Rounding(self.row(key, day).value)

    def number(self, key: str, day: date, argument: str = "") -> int:
        return int(self.row(key, day, argument).value)

    def money(self, key: str, day: date, argument: str = "") -> Decimal:
        return Decimal(self.row(key, day, argument).value)

    def text(self, key: str, day: date, argument: str = "") -> str:
        """The value of a row, or an empty string when no row is in force: for rules that exist only in some places."""
        row = next(
            (row for row in reversed(self._rows.get(key, [])) if row.argument == argument and row.in_force(day)), None
        )
        return row.value if row else ""

    def source(self, key: str, day: date, argument: str = "") -> str:
        """The text that a row rests on, as an answer quotes it."""
        return self.row(key, day, argument).source

    def says_yes(self, key: str, day: date, argument: str) -> bool:
        """Whether a yes/no row exists for the argument and says yes; an absent row says no."""
        return self.text(key, day, argument) == "yes"
