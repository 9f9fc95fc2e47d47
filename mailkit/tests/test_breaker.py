"""A slow or dead server costs the rest of the program nothing."""

from __future__ import annotations

import threading
import time

import pytest

from mailkit.breaker import Breaker
from mailkit.errors import MailError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: Breaker, key: str = "unreachable") -> None:
    with pytest.raises(MailError), breaker.passage():
        raise MailError(key)  # type: ignore[arg-type]


def test_after_three_failures_nobody_is_let_through_until_it_has_rested() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    for _ in range(3):
        fail(breaker)
    assert breaker.is_open
    ran = False
    with pytest.raises(MailError), breaker.passage():
        ran = True
    assert not ran
    clock.now = 21
    with breaker.passage():
        ran = True
    assert ran
    assert not breaker.is_open


def test_one_failure_after_the_rest_closes_the_door_again() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    for _ in range(3):
        fail(breaker)
    clock.now = 21
    fail(breaker)
    assert breaker.is_open


def test_a_server_that_answers_no_is_not_a_failure() -> None:
    breaker = Breaker()
    for _ in range(5):
        fail(breaker, "no_such_message")
    assert not breaker.is_open


def test_only_two_wait_and_the_third_is_answered_at_once_when_they_are_slow() -> None:
    breaker = Breaker(slow_seconds=0.0, patience_seconds=5.0)
    inside, leave = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with breaker.passage():
            inside.wait(timeout=5)
            leave.wait(timeout=5)

    threads = [threading.Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(timeout=5)
    started = time.monotonic()
    with pytest.raises(MailError) as caught, breaker.passage():
        pass
    assert caught.value.key == "busy"
    assert time.monotonic() - started < 1
    leave.set()
    for thread in threads:
        thread.join(timeout=5)
    with breaker.passage():
        pass


def test_the_third_waits_a_little_for_requests_that_move() -> None:
    breaker = Breaker(slow_seconds=60.0, patience_seconds=5.0)
    inside, leave = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with breaker.passage():
            inside.wait(timeout=5)
            leave.wait(timeout=5)

    threads = [threading.Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(timeout=5)
    threading.Timer(0.05, leave.set).start()
    with breaker.passage():
        pass
    for thread in threads:
        thread.join(timeout=5)
