"""Office hours, by cases: nights, weekends, holidays, summer time, pauses, another promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.kernel.opening import read_opening
from nomade.support.rules.hours import (
    Calendar,
    due_after,
    due_after_pause,
    due_for_another_promise,
    worked_between,
)

PARIS = ZoneInfo("Europe/Paris")
ARMISTICE = date(2026, 11, 11)
WEEK = Calendar(read_opening("lundi-vendredi 8:00-18:00"), frozenset({ARMISTICE}), PARIS)
WITH_LUNCH = Calendar(read_opening("lundi-jeudi 8:30-12:30, lun-jeu 13:30-17:30, ven 8:00-12:00"), frozenset(), PARIS)
ALWAYS = Calendar(read_opening("lundi-dimanche 0:00-23:59"), frozenset(), PARIS)


def at(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        (at("2026-11-23", "09:00"), 4, at("2026-11-23", "13:00")),  # Monday, the same day
        (at("2026-11-23", "16:00"), 4, at("2026-11-24", "10:00")),  # over a night
        (at("2026-11-27", "17:30"), 1, at("2026-11-30", "08:30")),  # over a weekend
        (at("2026-11-28", "12:00"), 4, at("2026-11-30", "12:00")),  # asked on a Saturday
        (at("2026-11-23", "06:00"), 2, at("2026-11-23", "10:00")),  # before opening
        (at("2026-11-23", "18:00"), 2, at("2026-11-24", "10:00")),  # at closing
        (at("2026-11-10", "17:00"), 2, at("2026-11-12", "09:00")),  # over 11 November
        (at("2026-11-23", "08:00"), 10, at("2026-11-23", "18:00")),  # the whole day ends at closing, not at reopening
        (at("2026-11-23", "08:00"), 40, at("2026-11-26", "18:00")),  # four days
    ],
)
def test_an_answer_is_due_after_so_many_open_hours(asked: datetime, hours: int, due: datetime) -> None:
    assert due_after(asked, timedelta(hours=hours), WEEK) == due


def test_nobody_answers_at_lunch_time() -> None:
    assert due_after(at("2026-11-23", "11:30"), timedelta(hours=2), WITH_LUNCH) == at("2026-11-23", "14:30")
    assert due_after(at("2026-11-27", "11:00"), timedelta(hours=2), WITH_LUNCH) == at("2026-11-30", "09:30")


def test_the_night_when_clocks_change_has_as_many_hours_as_it_has() -> None:
    # On 25 October 2026, three o'clock comes twice: the night is one hour longer.
    evening = at("2026-10-24", "22:00")
    assert due_after(evening, timedelta(hours=10), ALWAYS).astimezone(PARIS).hour == 7
    assert worked_between(at("2026-10-25", "00:00"), at("2026-10-25", "06:00"), ALWAYS) == timedelta(hours=7)


def test_opening_hours_follow_the_clock_on_the_wall_summer_and_winter() -> None:
    assert due_after(at("2026-07-06", "17:00"), timedelta(hours=2), WEEK).astimezone(UTC).hour == 7
    assert due_after(at("2026-11-23", "17:00"), timedelta(hours=2), WEEK).astimezone(UTC).hour == 8


def test_the_clock_stops_while_the_ticket_waits_for_the_agent() -> None:
    due = at("2026-11-23", "17:00")
    paused, resumed = at("2026-11-23", "15:00"), at("2026-11-25", "09:00")
    assert due_after_pause(due, paused, resumed, WEEK) == at("2026-11-25", "11:00")


def test_what_was_late_before_the_pause_stays_late() -> None:
    due = at("2026-11-23", "10:00")
    assert due_after_pause(due, at("2026-11-23", "15:00"), at("2026-11-25", "09:00"), WEEK) == due


def test_another_promise_counts_what_was_already_used() -> None:
    asked = at("2026-11-23", "08:00")
    due = due_after(asked, timedelta(hours=20), WEEK)
    moment = at("2026-11-23", "11:00")
    sooner = due_for_another_promise(due, timedelta(hours=20), timedelta(hours=4), moment, WEEK)
    assert sooner == at("2026-11-23", "12:00")
    past = due_for_another_promise(due, timedelta(hours=20), timedelta(hours=2), moment, WEEK)
    assert past == moment


def test_a_calendar_that_never_opens_is_refused_rather_than_walked_for_ever() -> None:
    closed = Calendar(WEEK.opening, frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1500)), PARIS)
    with pytest.raises(ValueError, match="never opens"):
        due_after(at("2026-11-23", "08:00"), timedelta(hours=1), closed)


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds))
LENGTHS = st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(MOMENTS, LENGTHS)
def test_what_is_due_after_some_work_is_as_much_work_away(start: datetime, worked: timedelta) -> None:
    due = due_after(start, worked, WITH_LUNCH)
    assert due > start
    assert worked_between(start, due, WITH_LUNCH) == worked


@given(MOMENTS, LENGTHS, LENGTHS)
def test_longer_work_is_never_due_sooner(start: datetime, one: timedelta, more: timedelta) -> None:
    assert due_after(start, one + more, WEEK) > due_after(start, one, WEEK)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "lundi",
        "lundi 18:00-8:00",
        "vendredi-lundi 8:00-9:00",
        "ma 8:00-9:00",
        "lundi 8:00-12:00, lundi 11:00-13:00",
    ],
)
def test_hours_that_mean_nothing_are_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the reader of settings says the sentence
        read_opening(written)
