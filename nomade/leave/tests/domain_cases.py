"""The worked cases of the domain, read from tests/domain/cas-de-calcul.csv."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

FILE = Path(__file__).parents[3] / "tests" / "domain" / "cas-de-calcul.csv"


class Facts(dict[str, str]):
    """`name=value` pairs of a cell; each value read is typed by the method that reads it."""

    @classmethod
    def of(cls, cell: str) -> "Facts":
        return cls(part.split("=", 1) for part in cell.split("|"))

    def day(self, name: str) -> date:
        return date.fromisoformat(self[name])

    def fraction(self, name: str, default: str = "0") -> Fraction:
        return Fraction(Decimal(self.get(name, default)))

    def minutes(self, name: str) -> int:
        hours, minutes = self[name].split("h")
        return int(hours) * 60 + int(minutes)


@dataclass(frozen=True)
class Case:
    id: str
    given: Facts
    expected: Facts


def cases(domain: str, *only: str) -> list[Case]:
    """The cases of a domain, in the order of the file; all of them, or those whose id is named."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["domaine"] == domain]
    found = [
        Case(row["id"], Facts.of(row["entrees"]), Facts.of(row["attendu"]))
        for row in rows
        if not only or row["id"] in only
    ]
    if not found:
        raise LookupError(f"no case of {domain}")
    return found
