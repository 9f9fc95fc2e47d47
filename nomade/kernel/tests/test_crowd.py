"""A queue that lasts is seen, a burst or a busy hour is not taken for one."""

from __future__ import annotations

import random
from contextlib import ExitStack, suppress

import pytest

from nomade.kernel.crowd import Crowd

THREADS = 4


class Hour:
    """Time that goes as it is told."""

    now = 0.0


def crowd_of(threads: int = THREADS) -> tuple[Crowd, Hour]:
    hour = Hour()
    return Crowd(threads, lambda: hour.now), hour


def refused(crowd: Crowd, hour: Hour, *, arrivals: int, every: float, full: float) -> int:
    """How many of so many arrivals are refused, when all threads are busy at such a share of them."""
    drawn = random.Random(7)  # the same hour each time
    count = 0
    for _arrival in range(arrivals):
        hour.now += every
        with ExitStack() as inside:
            for _other in range(THREADS if drawn.random() < full else THREADS - 1):
                inside.enter_context(crowd.one_more())
            count += crowd.is_too_large()
    return count


@pytest.mark.parametrize("every", [1 / 40, 1 / 5], ids=["quick machine", "slow machine"])
def test_a_queue_that_lasts_is_refused_after_some_sixty_arrivals_and_no_longer_than_it_lasts(every: float) -> None:
    crowd, hour = crowd_of()
    assert refused(crowd, hour, arrivals=40, every=every, full=0.9) == 0
    assert refused(crowd, hour, arrivals=300, every=every, full=0.9) > 200
    refused(crowd, hour, arrivals=10, every=every, full=0.1)
    assert refused(crowd, hour, arrivals=50, every=every, full=0.4) == 0
    assert refused(crowd, hour, arrivals=300, every=every, full=0.9) > 200
    hour.now += 2
    assert refused(crowd, hour, arrivals=40, every=every, full=0.9) == 0


def test_a_busy_hour_refuses_nobody() -> None:
    crowd, hour = crowd_of()
    assert refused(crowd, hour, arrivals=3000, every=1 / 25, full=0.5) == 0


def test_one_person_on_a_slow_machine_is_never_a_crowd() -> None:
    crowd, hour = crowd_of()
    assert refused(crowd, hour, arrivals=100, every=2, full=1) == 0


def test_where_the_server_is_not_ours_nobody_is_refused() -> None:
    crowd, hour = crowd_of(0)
    assert refused(crowd, hour, arrivals=500, every=0.001, full=1) == 0


def test_who_leaves_by_an_error_has_left() -> None:
    crowd, hour = crowd_of()
    for _turn in range(THREADS):
        with suppress(ZeroDivisionError), crowd.one_more():
            _nothing = 1 / 0
    assert refused(crowd, hour, arrivals=300, every=1 / 30, full=0) == 0
