"""The worked cases of the domain, read from tests/domain/cas-de-calcul.csv."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

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


# Ids of the cases that some test runs, filled as test modules are read.
CLAIMED: set[str] = set()


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


def each(domain: str, *only: str) -> Callable[..., object]:
    """Runs a test once for each case of a domain (or those named)."""
    found = cases(domain, *only)
    CLAIMED.update(case.id for case in found)
    return pytest.mark.parametrize("case", found, ids=[case.id for case in found])


def all_ids(*prefixes: str) -> set[str]:
    """The ids of every case whose domain starts with one of the prefixes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file, delimiter=";") if row["domaine"].startswith(prefixes)}
