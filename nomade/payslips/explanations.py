"""What a line of a slip means, in plain French: shipped words, and those that the pay office wrote, from a month on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from nomade.kernel.small_tables import Remembered
from nomade.payslips.models import LineText

_FILE = Path(__file__).parent / "payroll" / "explanations.toml"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One explanation: how labels begin, and the words. `version` 0 is the one that is shipped."""

    start: str
    label: str
    text: str
    valid_from: date = date.min
    version: int = 0


@lru_cache(maxsize=1)
def shipped() -> tuple[Explanation, ...]:
    """Those of the portal, in the order of the file."""
    with _FILE.open("rb") as file:
        lines = tomllib.load(file)["line"]
    return tuple(Explanation(start_of(label), label, line["text"]) for line in lines for label in line["starts"])


def start_of(label: str) -> str:
    """A label as it is compared."""
    return " ".join(label.casefold().split())


def _written() -> tuple[Explanation, ...]:
    rows = LineText.objects.order_by("start", "version")
    return tuple(Explanation(row.start, row.label, row.text, row.valid_from, row.version) for row in rows)


_REMEMBERED: Remembered[tuple[Explanation, ...]] = Remembered(lambda: LineText, _written)


def in_force(month: date, written: Iterable[Explanation]) -> dict[str, Explanation]:
    """For each beginning of label, what holds for the slips of a month: the latest that was written, else shipped."""
    found = {one.start: one for one in reversed(shipped())}
    for one in sorted(written, key=lambda one: (one.valid_from, one.version)):
        if one.valid_from <= month:
            found[one.start] = one
    return found


def explanations_on(month: date) -> list[Explanation]:
    """Everything that is explained on the slips of a month, by label."""
    return sorted(in_force(month, _REMEMBERED.get()).values(), key=lambda one: one.start)


def explainer(month: date) -> Callable[[str], str]:
    """What explains the lines of a slip of that month: the longest beginning that a label has wins."""
    known = sorted(in_force(month, _REMEMBERED.get()).values(), key=lambda one: -len(one.start))

    def explain(label: str) -> str:
        wanted = start_of(label)
        return next((one.text for one in known if wanted.startswith(one.start)), "")

    return explain
