"""Whatever came before, the day asked for ends with the wanted values, and the past is never rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nomade.people.importing.periods import Period, Step, fit

START = date(2020, 1, 1)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


@st.composite
def histories(draw: Any) -> list[Period]:
    """Periods in order, that never overlap; only the last may be without end."""
    marks = sorted(draw(st.sets(days, min_size=0, max_size=8)))
    endless: bool = draw(st.booleans())
    periods = [
        Period(number, first, last, {"unit": draw(st.sampled_from("ABC")), "post": "x"})
        for number, (first, last) in enumerate(zip(marks[::2], marks[1::2], strict=False), start=1)
    ]
    if periods and endless:
        periods[-1] = Period(periods[-1].id, periods[-1].first, None, periods[-1].values)
    return periods


def after(periods: list[Period], steps: list[Step]) -> list[Period]:
    """The rows once the steps are written, with ids for those that were opened."""
    rows = {period.id: period for period in periods}
    for number, step in enumerate(steps):
        if step.remove:
            del rows[step.period.id]
        elif step.period.id is None:
            new = step.period
            rows[1000 + number] = Period(1000 + number, new.first, new.last, new.values)
        else:
            rows[step.period.id] = step.period
    return sorted(rows.values(), key=lambda period: period.first)


def value_on(periods: list[Period], day: date) -> str | None:
    return next((str(period.values["unit"]) for period in periods if period.covers(day)), None)


@given(histories(), st.sampled_from("ABC"), days, days, st.one_of(st.none(), days))
def test_any_history_fits_without_overlap_and_fits_again_without_a_step(
    periods: list[Period], unit: str, on: date, entry: date, leaving: date | None
) -> None:
    if leaving is not None and leaving < entry:
        leaving = entry
    dates: dict[str, Any] = {"on": on, "entry": entry, "leaving": leaving}
    result = after(periods, fit(periods, {"unit": unit}, **dates))
    for one, other in pairwise(result):
        assert one.last is not None and one.first <= one.last < other.first
    day = max(on, entry)
    if leaving is None or day <= leaving:
        assert value_on(result, day) == unit
    if leaving is not None:
        assert all(period.last is not None and period.last <= leaving for period in result)
    for number in range(400):
        past = START + timedelta(days=number)
        if past < on and past < day and (leaving is None or past <= leaving) and value_on(periods, past) is not None:
            assert value_on(result, past) == value_on(periods, past)
    assert fit(result, {"unit": unit}, **dates) == []


def test_a_departure_put_off_goes_on_with_the_same_values() -> None:
    end, later = date(2020, 6, 30), date(2020, 12, 31)
    rows = [Period(1, START, end, {"unit": "A"})]
    steps = fit(rows, {"unit": "A"}, on=date(2020, 5, 1), entry=START, leaving=later, known_leaving=end)
    assert steps == [Step(Period(1, START, later, {"unit": "A"}))]


def test_somebody_who_comes_back_gets_a_period_from_the_new_entry() -> None:
    rows = [Period(1, START, date(2020, 6, 30), {"unit": "A"})]
    back = date(2021, 9, 1)
    steps = fit(rows, {"unit": "B"}, on=back, entry=back, leaving=None, known_leaving=date(2020, 6, 30))
    assert steps == [Step(Period(None, back, None, {"unit": "B"}))]
