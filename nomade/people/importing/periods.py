"""Fitting what a file says of today into what is dated. Pure: facts in, steps out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Values that hold from a day to a day, both included; no end means still true, no id means not yet written."""

    id: int | None
    first: date
    last: date | None
    values: Mapping[str, Any]

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or self.last >= day)


@dataclass(frozen=True)
class Step:
    """One row to open (no id), to change, or to remove."""

    period: Period
    remove: bool = False


def fit(
    periods: Sequence[Period],
    wanted: Mapping[str, Any],
    *,
    on: date,
    entry: date,
    leaving: date | None,
    known_leaving: date | None = None,
) -> list[Step]:
    """The steps after which the values of the day `on` are the wanted ones, and the past is as it was.

    `periods` are in order and never overlap. A change closes the present period the day before and opens another; a
    departure ends what goes past it. Someone already gone keeps the values they left with.
    """
    kept, steps = _until(leaving, _extended(periods, entry, leaving, known_leaving))
    day = max(on, entry)
    if leaving is not None and leaving < day:
        if kept or leaving < entry:
            return _changed(periods, kept, steps)
        day = leaving
    current = next((period for period in kept if period.covers(day)), None)
    if current is None:
        steps.append(Step(_missing(kept, wanted, day, entry, leaving)))
    elif any(current.values.get(name) != value for name, value in wanted.items()):
        merged = {**current.values, **wanted}
        place = kept.index(current)
        if current.first == day:
            kept[place] = replace(current, values=merged)
        else:
            kept[place] = replace(current, last=day - A_DAY)
            steps.append(Step(Period(None, day, current.last, merged)))
    return _changed(periods, kept, steps)


def _extended(periods: Sequence[Period], entry: date, leaving: date | None, known_leaving: date | None) -> list[Period]:
    """A departure put off: the last period, which ended with it, goes on. Not so for a new entry after it."""
    kept = list(periods)
    if known_leaving is None or entry > known_leaving or (leaving is not None and leaving <= known_leaving):
        return kept
    if kept and kept[-1].last == known_leaving:
        kept[-1] = replace(kept[-1], last=leaving)
    return kept


def _until(leaving: date | None, periods: list[Period]) -> tuple[list[Period], list[Step]]:
    if leaving is None:
        return periods, []
    removed = [Step(period, remove=True) for period in periods if period.first > leaving]
    kept = [period for period in periods if period.first <= leaving]
    return [replace(p, last=leaving) if p.last is None or p.last > leaving else p for p in kept], removed


def _missing(kept: list[Period], wanted: Mapping[str, Any], day: date, entry: date, leaving: date | None) -> Period:
    """A period for a day that has none: since the last one ended, or since entry, until the next one."""
    before = [period for period in kept if period.last is not None and period.last < day]
    after = [period for period in kept if period.first > day]
    ended = before[-1].last if before else None
    first = max(entry, ended + A_DAY) if ended else entry
    last = after[0].first - A_DAY if after else leaving
    inherited = before[-1].values if before else {}
    return Period(None, first, last, {**inherited, **wanted})


def _changed(before: Sequence[Period], kept: list[Period], steps: list[Step]) -> list[Step]:
    """Removals, then changes, then openings: an order in which no two rows ever overlap."""
    known = {period.id: period for period in before}
    changed = [Step(period) for period in kept if known[period.id] != period]
    removed = [step for step in steps if step.remove]
    return [*removed, *changed, *(step for step in steps if not step.remove)]
