"""Timing what several do at once, and the rows it makes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import mailboxes
import psutil
from client import Timings
from report import milliseconds

SMALL, LARGE = 10_000, 100_000
ALONE, TOGETHER = 40, 25
Doer = Callable[[int], object]


@dataclass(frozen=True)
class Place:
    """A folder, and how many messages it has."""

    folder: str
    count: int


def timed(doers: Sequence[Doer], each: int, processes: Sequence[psutil.Process]) -> tuple[Timings, float]:
    """Each doer does its work `each` times, all at once; and the processor seconds that the server took for one."""
    seconds: list[float] = []
    failures: list[Exception] = []
    barrier = threading.Barrier(len(doers))

    def work(doer: Doer) -> None:
        try:
            for number in range(3):
                doer(number)
            barrier.wait(120)
            for number in range(3, 3 + each):
                started = time.perf_counter()
                doer(number)
                seconds.append(time.perf_counter() - started)
        except Exception as error:  # noqa: BLE001  # carried to the caller, below
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=work, args=(doer,)) for doer in doers]
    before, began = _cpu(processes), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    taken = _cpu(processes) - before
    return Timings(seconds, 0, time.perf_counter() - began), taken / (len(doers) * (each + 3))


def _cpu(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


@dataclass
class Table:
    """The rows, and what they are about."""

    rows: list[tuple[object, ...]]
    network: float = 0.0
    refused: int = 0

    def row(self, who: str, what: str, place: Place, doers: Sequence[Doer], processes: Sequence[Any] = ()) -> None:
        """Measures one thing alone, then by eight at once; what reads a hundred thousand headers, alone only."""
        heavy = what == "subject search" and place.count > SMALL
        for together in (doers[:1],) if heavy else (doers[:1], doers):
            print(f"  {who}, {what}, {place.count}, {len(together)}…", file=sys.stderr, flush=True)
            each = ALONE // 4 if heavy else TOGETHER if len(together) > 1 else ALONE
            found, cpu = timed(together, each, processes)
            cells = (milliseconds(found.median), f"{found.rate:.0f}", milliseconds(cpu) if processes else "")
            self.rows.append((who, what, place.count, f"{self.network * 1000:.0f}", len(together), *cells))

    def once(self, who: str, what: str, place: Place, work: Callable[[], object]) -> None:
        """Measures what happens once."""
        started = time.perf_counter()
        work()
        taken = time.perf_counter() - started
        self.rows.append((who, what, place.count, f"{self.network * 1000:.0f}", 1, milliseconds(taken), "", ""))


def words() -> Iterator[str]:
    """Words to look for, each once: what was just found is remembered."""
    for one in mailboxes.WORDS:
        for other in mailboxes.WORDS:
            yield f"{one} : {other}"
