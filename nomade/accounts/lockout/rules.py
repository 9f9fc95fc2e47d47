"""How failures become waits. Pure; `counters.py` says the same in one statement, and a test compares both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nomade.accounts.lockout.numbers import Numbers

DAY = timedelta(hours=24)


class Kind(StrEnum):
    """What a counter counts: one account seen from one side, so that no side closes another."""

    UNKNOWN = "unknown"
    NETWORK = "network"
    DEVICE = "device"
    CODE = "code"


@dataclass(frozen=True)
class Rule:
    """So many free failures, then waits, longer each time; and never more than `cap` failures in `window`.

    With `by_series`, a wait comes only after each full series of free failures.
    """

    free: int
    waits: tuple[timedelta, ...]
    cap: int
    window: timedelta = DAY
    by_series: bool = False

    def wait(self, failures: int) -> timedelta | None:
        """The wait that follows the n-th failure in a row, or None while they are free."""
        if failures < self.free or (self.by_series and failures % self.free):
            return None
        return self.waits[min(failures - self.free, len(self.waits) - 1)]


@dataclass(frozen=True)
class Counter:
    """Failures in a row, the instants of those of the window (oldest first), and the end of the wait."""

    failures: int = 0
    recent: tuple[datetime, ...] = ()
    blocked_until: datetime | None = None

    def waits_at(self, at: datetime) -> bool:
        return self.blocked_until is not None and self.blocked_until > at


def rule_of(kind: Kind, numbers: Numbers) -> Rule:
    """The rule of each kind of counter.

    Waits of more than a minute after 5 failures, 25 a day, a block at 10 in a row: délibération CNIL 2022-100.
    """
    if kind is Kind.DEVICE:
        block = timedelta(hours=numbers.device_block_hours)
        return Rule(numbers.device_failures, (block,), max(numbers.day_failures, numbers.device_failures))
    if kind is Kind.CODE:
        wait = timedelta(minutes=numbers.code_wait_minutes)
        return Rule(numbers.code_failures, (wait,), numbers.code_day_failures, by_series=True)
    minutes = (
        numbers.wait_1_minutes,
        numbers.wait_2_minutes,
        numbers.wait_3_minutes,
        numbers.wait_4_minutes,
        numbers.wait_5_minutes,
    )
    return Rule(numbers.free_failures, tuple(timedelta(minutes=wait) for wait in minutes), numbers.day_failures)


def after_try(counter: Counter, at: datetime, rule: Rule) -> Counter:
    """A try counts as a failure from its start, so that many at once guess no more than many in a row.

    During a wait nothing counts: tries never prolong it.
    """
    if counter.waits_at(at):
        return counter
    kept = tuple(instant for instant in counter.recent if instant > at - rule.window)
    failures = counter.failures + 1 if kept else 1
    recent = (*kept, at)
    ends = [at + wait] if (wait := rule.wait(failures)) else []
    if len(recent) >= rule.cap:
        ends.append(recent[0] + rule.window)
    return Counter(failures, recent, max(ends, default=None))


def after_success(counter: Counter, at: datetime, rule: Rule) -> Counter:
    """The try made at `at` was no failure: the row of failures ends; those of the day still count."""
    recent = list(counter.recent)
    if at in recent:
        recent.remove(at)
    full = len(recent) >= rule.cap
    return Counter(0, tuple(recent), recent[0] + rule.window if full else None)
