"""A provisional password opens once, for days, to whoever holds the letter; and says no in every other case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nomade.accounts.passwords.lifecycle import Kind, Life, Limits, State, asks_birth_date, expiry, opens, state

MADE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIMITS = Limits(
    handed=timedelta(days=7),
    batch=timedelta(days=60),
    reset=timedelta(hours=24),
    window=timedelta(minutes=15),
    failures=5,
    birth_date=True,
)
PRINTED = Life(Kind.LETTER, expires_at=MADE + timedelta(days=60), uses_left=1)
HANDED = replace(PRINTED, handed_over_at=MADE, expires_at=MADE + timedelta(days=7))
RESET = Life(Kind.RESET, expires_at=MADE + timedelta(hours=24), uses_left=1, handed_over_at=MADE)
IN_USE = replace(HANDED, uses_left=0, window_ends_at=MADE + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("kind", "handed_over_at", "after"),
    [
        (Kind.LETTER, None, timedelta(days=60)),
        (Kind.LETTER, MADE + timedelta(days=10), timedelta(days=17)),
        (Kind.RESET, MADE, timedelta(hours=24)),
    ],
)
def test_the_days_of_a_letter_are_counted_from_its_hand_over(
    kind: Kind, handed_over_at: datetime | None, after: timedelta
) -> None:
    assert expiry(kind, LIMITS, made_at=MADE, handed_over_at=handed_over_at) == MADE + after


@pytest.mark.parametrize(
    ("life", "after", "expected"),
    [
        (PRINTED, timedelta(days=59), State.PRINTED),
        (PRINTED, timedelta(days=60), State.EXPIRED),
        (HANDED, timedelta(days=7) - timedelta(seconds=1), State.HANDED_OVER),
        (HANDED, timedelta(days=7), State.EXPIRED),
        (RESET, timedelta(hours=23), State.HANDED_OVER),
        (RESET, timedelta(hours=24), State.EXPIRED),
        (IN_USE, timedelta(minutes=14), State.IN_USE),
        (IN_USE, timedelta(minutes=15), State.USED),
        (replace(HANDED, voided_at=MADE), timedelta(0), State.VOID),
        (replace(IN_USE, voided_at=MADE), timedelta(minutes=1), State.VOID),
        (replace(IN_USE, replaced_at=MADE), timedelta(minutes=1), State.REPLACED),
    ],
)
def test_the_state_of_a_letter_follows_its_life(life: Life, after: timedelta, expected: State) -> None:
    assert state(life, MADE + after) is expected
    assert opens(life, MADE + after) is (expected in (State.PRINTED, State.HANDED_OVER, State.IN_USE))


def test_the_date_of_birth_is_asked_only_when_nobody_saw_who_took_the_letter() -> None:
    assert asks_birth_date(PRINTED, LIMITS)
    assert not asks_birth_date(HANDED, LIMITS)
    assert not asks_birth_date(RESET, LIMITS)
    assert not asks_birth_date(PRINTED, replace(LIMITS, birth_date=False))
