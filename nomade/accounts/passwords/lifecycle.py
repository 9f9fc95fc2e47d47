"""The life of a password that is given: how long it opens, how often, and what is asked with it. Pure rules.

OWASP ASVS 5.0 6.4.1: random, short-lived, of a single use. Where somebody has seen who took the letter, the code is
enough; where nobody has (a roll-out by post), the date of birth is asked too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Why a provisional password was given."""

    LETTER = "letter"
    RESET = "reset"


class State(StrEnum):
    """Where a provisional password is in its life."""

    PRINTED = "printed"  # nobody has recorded who took the letter
    HANDED_OVER = "handed_over"
    IN_USE = "in_use"  # the first sign-in is under way
    USED = "used"  # it has opened, and nothing was chosen in time
    EXPIRED = "expired"
    VOID = "void"  # too many wrong tries, or a newer letter
    REPLACED = "replaced"  # the agent has chosen a password


@dataclass(frozen=True)
class Limits:
    """How long and how often: settings."""

    handed: timedelta
    batch: timedelta
    reset: timedelta
    window: timedelta
    failures: int
    birth_date: bool


@dataclass(frozen=True)
class Life:
    """What is known of one provisional password."""

    kind: Kind
    expires_at: datetime
    uses_left: int
    handed_over_at: datetime | None = None
    window_ends_at: datetime | None = None
    voided_at: datetime | None = None
    replaced_at: datetime | None = None


def expiry(kind: Kind, limits: Limits, *, made_at: datetime, handed_over_at: datetime | None) -> datetime:
    """When it stops opening, if nobody uses it."""
    if kind is Kind.RESET:
        return made_at + limits.reset
    return made_at + limits.batch if handed_over_at is None else handed_over_at + limits.handed


def state(life: Life, at: datetime) -> State:
    """Where it is at an instant."""
    if life.replaced_at is not None:
        return State.REPLACED
    if life.voided_at is not None:
        return State.VOID
    if life.window_ends_at is not None and at < life.window_ends_at:
        return State.IN_USE
    if life.uses_left <= 0:
        return State.USED
    if at >= life.expires_at:
        return State.EXPIRED
    return State.PRINTED if life.handed_over_at is None and life.kind is Kind.LETTER else State.HANDED_OVER


def opens(life: Life, at: datetime) -> bool:
    """Whether it opens the first sign-in at an instant. During its one use, the same letter may be typed again."""
    return state(life, at) in (State.PRINTED, State.HANDED_OVER, State.IN_USE)


def asks_birth_date(life: Life, limits: Limits) -> bool:
    """Whether the date of birth is asked too: nobody has seen who took the letter."""
    return limits.birth_date and life.kind is Kind.LETTER and life.handed_over_at is None
