"""The dated parameters of pay, read from `parameters/*.toml`: what was in force in a given month, with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

PARAMETERS = Path(__file__).parent / "parameters"


class Status(StrEnum):
    """The two regimes of contributions that this package knows."""

    TITULAIRE = "titulaire"
    CONTRACTUEL = "contractuel"


class UnknownMonth(ValueError):
    """No parameter is known for that month: nothing is computed rather than computed with the rates of another year."""


@dataclass(frozen=True, slots=True)
class FamilyScale:
    """Supplément familial de traitement (décret 85-1148 art. 10 bis)."""

    lowest_index: int
    highest_index: int
    children: tuple[tuple[Decimal, Decimal], ...]
    each_more: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution in force: what it applies to, and the two shares in %."""

    code: str
    label: str
    section: str
    base: str
    employee: Decimal
    employer: Decimal
    deductible: bool
    only_outside_paris: bool


@dataclass(frozen=True, eq=False)
class Rates:
    """Everything in force during one month. Months with the same parameters share one instance."""

    index_value: Decimal
    minimum_index: int
    smic: Decimal
    pss: Decimal
    residence: Mapping[int, Decimal]
    family: FamilyScale
    transport_percent: Decimal
    transport_ceiling: Decimal
    part_time: Mapping[int, Fraction]
    contributions: Mapping[Status, tuple[Contribution, ...]]


@dataclass(frozen=True, slots=True)
class StrikeRules:
    """Shares of the monthly pay kept back for a strike."""

    day: Fraction
    half_day: Fraction
    hours_in_month: Decimal


def rates_on(month: date) -> Rates:
    """The parameters in force on the first day of `month`. Raises `UnknownMonth` before the first ones known."""
    first = month.replace(day=1)
    changes = [start for start in _change_dates() if start <= first]
    if not changes:
        raise UnknownMonth(f"no pay parameter is known for {first:%Y-%m}")
    return _rates_since(changes[-1])


@lru_cache(maxsize=1)
def strike_rules() -> StrikeRules:
    """Retenue pour service non fait, fonction publique territoriale."""
    found = _document("remuneration")["strike"][-1]
    return StrikeRules(Fraction(found["day"]), Fraction(found["half_day"]), Decimal(found["hours_in_month"]))


@lru_cache
def _document(name: str) -> dict[str, Any]:
    return tomllib.loads((PARAMETERS / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _change_dates() -> list[date]:
    """Each date at which some parameter changes, from the first one at which all of them are known."""
    entries = [entry for values in _document("remuneration").values() for entry in values]
    starts = {entry["valid_from"] for entry in entries}
    for status in Status:
        for contribution in _document(f"contributions_{status}")["contribution"]:
            starts |= {rate["valid_from"] for rate in contribution["rates"]}
    return sorted(start for start in starts if _all_known(start))


def _all_known(on: date) -> bool:
    return all(
        any(entry["valid_from"] <= on for entry in values) for values in _document("remuneration").values()
    ) and all(
        any(rate["valid_from"] <= on for rate in contribution["rates"])
        for status in Status
        for contribution in _document(f"contributions_{status}")["contribution"]
    )


def _in_force(values: list[dict[str, Any]], on: date) -> dict[str, Any]:
    return max((entry for entry in values if entry["valid_from"] <= on), key=lambda entry: entry["valid_from"])


@lru_cache
def _rates_since(start: date) -> Rates:
    found = {name: _in_force(values, start) for name, values in _document("remuneration").items()}
    family = found["family"]
    return Rates(
        index_value=Decimal(found["index_value"]["value"]),
        minimum_index=int(found["minimum_index"]["value"]),
        smic=Decimal(found["smic"]["value"]),
        pss=Decimal(found["pss"]["value"]),
        residence={int(zone): Decimal(value) for zone, value in found["residence"]["zones"].items()},
        family=FamilyScale(
            lowest_index=family["lowest_index"],
            highest_index=family["highest_index"],
            children=tuple(_parts(part) for part in family["children"]),
            each_more=_parts(family["each_more"]),
        ),
        transport_percent=Decimal(found["transport"]["percent"]),
        transport_ceiling=Decimal(found["transport"]["ceiling"]),
        part_time={int(share): Fraction(paid) for share, paid in found["part_time"]["fractions"].items()},
        contributions={status: _contributions(status, start) for status in Status},
    )


def _parts(entry: dict[str, str]) -> tuple[Decimal, Decimal]:
    return Decimal(entry["fixed"]), Decimal(entry["percent"])


def _contributions(status: Status, on: date) -> tuple[Contribution, ...]:
    result = []
    for entry in _document(f"contributions_{status}")["contribution"]:
        rate = _in_force(entry["rates"], on)
        result.append(
            Contribution(
                code=entry["code"],
                label=entry["label"],
                section=entry["section"],
                base=entry["base"],
                employee=Decimal(rate["employee"]),
                employer=Decimal(rate["employer"]),
                deductible=entry["deductible"],
                only_outside_paris=entry.get("only_outside_paris", False),
            )
        )
    return tuple(result)
