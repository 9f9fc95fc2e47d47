"""Timing what several do at once, and the rows it makes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import mailboxes
import psutil
from client import Timings
from report import milliseconds

ALONE, TOGETHER, WARM = 40, 25, 3
#: No row takes much longer: what is slow is asked fewer times.
MOST_SECONDS = 5.0
Doer = Callable[[int], object]


@dataclass(frozen=True)
class Place:
    """A folder, and how many messages it has; one person's alone, whom eight windows look at, or everybody's own."""

    folder: str
    count: int
    shared: bool = False


def timed(doers: Sequence[Doer], each: int, processes: Sequence[psutil.Process]) -> tuple[Timings, float]:
    """Each doer does its work `each` times, all at once; and the processor seconds that the server took for one."""
    seconds: list[float] = []
    warming: list[float] = []
    failures: list[Exception] = []
    barrier = threading.Barrier(len(doers))
    began = [0.0]

    def work(doer: Doer) -> None:
        try:
            warming.extend(_repeated(doer, range(WARM), MOST_SECONDS / 2))
            if barrier.wait(120) == 0:
                began[0] = time.perf_counter()
            seconds.extend(_repeated(doer, range(WARM, WARM + each), MOST_SECONDS))
        except Exception as error:  # noqa: BLE001  # carried to the caller, below
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=work, args=(doer,)) for doer in doers]
    before = _cpu(processes)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    taken = _cpu(processes) - before
    return Timings(seconds, 0, time.perf_counter() - began[0]), taken / (len(seconds) + len(warming))


def _repeated(doer: Doer, numbers: range, most: float) -> list[float]:
    """The seconds of each time, as many as fit in `most`, and one at least."""
    seconds: list[float] = []
    deadline = time.perf_counter() + most
    for number in numbers:
        started = time.perf_counter()
        doer(number)
        seconds.append(time.perf_counter() - started)
        if time.perf_counter() > deadline:
            break
    return seconds


def _cpu(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


@dataclass
class Table:
    """The rows, each told at once, and what they are about."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    network: float = 0.0
    refused: int = 0

    def row(self, who: str, what: str, place: Place, doers: Sequence[Doer], processes: Sequence[Any] = ()) -> None:
        """Measures one thing alone, then by eight at once."""
        for together in (doers[:1], doers):
            found, cpu = timed(together, TOGETHER if len(together) > 1 else ALONE, processes)
            cells = (milliseconds(found.median), f"{found.rate:.0f}", milliseconds(cpu) if processes else "")
            self._add(who, what, place, len(together), cells)

    def once(self, who: str, what: str, place: Place, work: Callable[[], object]) -> None:
        """Measures what happens once."""
        started = time.perf_counter()
        work()
        self._add(who, what, place, 1, (milliseconds(time.perf_counter() - started), "", ""))

    def _add(self, who: str, what: str, place: Place, clients: int, cells: tuple[str, str, str]) -> None:
        row = (who, what, place.count, f"{self.network * 1000:.0f}", clients, *cells)
        self.rows.append(row)
        print("  " + " | ".join(str(cell) for cell in row), file=sys.stderr, flush=True)


def words() -> Iterator[str]:
    """Words to look for, each once: what was just found is remembered."""
    for one in mailboxes.WORDS:
        for other in mailboxes.WORDS:
            yield f"{one} : {other}"
