"""The rule of the waits, and its statement in PostgreSQL, compared try by try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nomade.accounts.lockout import counters
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.numbers import Numbers
from nomade.accounts.lockout.rules import Counter, Kind, Rule, after_success, after_try, rule_of

START = datetime(2026, 11, 27, 8, tzinfo=UTC)
DAY = timedelta(hours=24)
kinds = st.sampled_from(list(Kind))
# Pauses that fall before, on and after the ends of the waits.
pauses = st.lists(
    st.one_of(st.integers(1, 30), st.sampled_from([59, 60, 61, 119, 121, 300, 900, 3600, 3601, 90_000])),
    min_size=1,
    max_size=80,
)


def _instants(seconds: list[int]) -> list[datetime]:
    at, found = START, []
    for pause in seconds:
        at += timedelta(seconds=pause)
        found.append(at)
    return found


@given(kinds, pauses)
def test_no_day_ever_holds_more_failures_than_the_cap(kind: Kind, seconds: list[int]) -> None:
    rule = rule_of(kind, Numbers())
    counter, counted = Counter(), []
    for at in _instants(seconds):
        if not counter.waits_at(at):
            counted.append(at)
        counter = after_try(counter, at, rule)
    for first in counted:
        assert sum(first <= at < first + rule.window for at in counted) <= rule.cap


@given(kinds, pauses, st.lists(st.integers(1, 3000), max_size=30))
def test_tries_during_a_wait_never_prolong_it(kind: Kind, seconds: list[int], insisting: list[int]) -> None:
    rule = rule_of(kind, Numbers())
    counter = Counter()
    for at in _instants(seconds):
        counter = after_try(counter, at, rule)
    if counter.blocked_until is None:
        return
    end = counter.blocked_until
    for before in insisting:
        at = end - timedelta(milliseconds=before)
        assert after_try(counter, at, rule) == counter or not counter.waits_at(at)
    assert not counter.waits_at(end)


@given(kinds, pauses)
def test_every_wait_ends_by_itself_within_a_day(kind: Kind, seconds: list[int]) -> None:
    rule = rule_of(kind, Numbers())
    counter = Counter()
    for at in _instants(seconds):
        counter = after_try(counter, at, rule)
        if counter.blocked_until is not None and counter.recent[-1] == at:
            assert counter.blocked_until <= at + DAY


@given(kinds, pauses, st.data())
def test_a_success_ends_the_row_and_forgets_no_failure_of_the_day(
    kind: Kind, seconds: list[int], data: st.DataObject
) -> None:
    rule = rule_of(kind, Numbers())
    counter = Counter()
    for at in _instants(seconds):
        before = counter
        counter = after_try(counter, at, rule)
        if counter != before and data.draw(st.booleans()):
            counter = after_success(counter, at, rule)
            assert counter.failures == 0
            assert at not in counter.recent
            assert len(counter.recent) < rule.cap


def test_an_unknown_client_waits_1_2_5_15_then_60_minutes_after_five_free_failures() -> None:
    rule = rule_of(Kind.UNKNOWN, Numbers())
    assert [rule.wait(n) for n in range(1, 5)] == [None] * 4
    minutes = [wait.total_seconds() / 60 for n in range(5, 12) if (wait := rule.wait(n))]
    assert minutes == [1, 2, 5, 15, 60, 60, 60]


def test_a_known_device_is_blocked_at_ten_failures_in_a_row_for_a_day() -> None:
    rule = rule_of(Kind.DEVICE, Numbers())
    assert [rule.wait(n) for n in (1, 9, 10)] == [None, None, DAY]


def test_five_wrong_codes_wait_a_quarter_of_an_hour_and_five_more_are_free() -> None:
    rule = rule_of(Kind.CODE, Numbers())
    assert [rule.wait(n) for n in (4, 5, 6, 9, 10)] == [
        None, timedelta(minutes=15), None, None, timedelta(minutes=15),
    ]  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=kinds,
    tries=st.lists(
        st.tuples(st.sampled_from([1, 7, 59, 60, 61, 300, 901, 3601, 40_000, 90_000]), st.booleans()), max_size=60
    ),
    small=st.booleans(),
)
def test_the_table_obeys_the_rule_try_by_try(kind: Kind, tries: list[tuple[int, bool]], small: bool, db: Any) -> None:
    Bucket.objects.all().delete()
    rule = Rule(2, (timedelta(minutes=1), timedelta(hours=1)), 6) if small else rule_of(kind, Numbers())
    counter, at = Counter(), START
    for pause, succeeds in tries:
        at += timedelta(seconds=pause)
        expected = after_try(counter, at, rule)
        made = counters.take("k", kind, None, at, rule)
        assert made.goes_on is not counter.waits_at(at)
        assert (made.failures, made.until) == (expected.failures, expected.blocked_until)
        counter = expected
        if made.goes_on and succeeds:
            counters.give_back(made)
            counter = after_success(counter, at, rule)
        row = Bucket.objects.get(key="k")
        assert (row.failures, tuple(row.recent), row.blocked_until) == (
            counter.failures,
            counter.recent,
            counter.blocked_until,
        )
