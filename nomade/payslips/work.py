"""The heavy part of an import, spread over processes: reading pages, then cutting, sealing and writing slips.

Functions here run in spawned processes that know the settings and the storage, never the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from nomade.files import sealing
from nomade.files.sealing import Content, Written
from nomade.files.splitting.pdf import Cutter, bookmarked_pages
from nomade.kernel.encryption import seal
from nomade.kernel.processes import process_pool
from nomade.payslips.splitting.reading import PageFacts, Patterns, read_pages

Result = TypeVar("Result")
# Opening the file at its 50,000th page costs PDFium 0.8 s: few large tasks rather than many small ones.
PAGES_A_TASK = 2000
SLIPS_A_TASK = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """One slip to make: which pages of which file, for whom, under which ids."""

    path: Path
    pages: tuple[int, ...]
    file_id: UUID
    payslip_id: UUID
    agent: int
    #: The net, or the lines that make it; empty when the slip tells neither.
    told: str


@dataclass(frozen=True, slots=True)
class Made:
    """One slip made: its file is written, its row is not."""

    payslip_id: UUID
    written: Written
    net_sealed: bytes


# One open source a process: opening 55,000 pages takes a second.
_cutters: dict[Path, Cutter] = {}
MAX_OPEN = 4


def read_task(path: Path, name: str, first: int, last: int, patterns: Patterns) -> list[PageFacts]:
    """Reads a range of pages."""
    return read_pages(path, name, first, last, patterns)


def bookmarks_task(path: Path, name: str) -> tuple[str, list[int]]:
    """The pages to which the bookmarks of a file lead."""
    return name, bookmarked_pages(path)


def make_task(cuts: list[Cut]) -> list[Made]:
    """Cuts, seals and writes some slips."""
    return [_make(cut) for cut in cuts]


def _make(cut: Cut) -> Made:
    plain = _cutter(cut.path).cut(list(cut.pages))
    written = sealing.write(Content(cut.file_id, cut.agent, plain))
    net = seal(cut.told.encode(), context=net_context(cut.payslip_id, cut.agent)) if cut.told else b""
    return Made(cut.payslip_id, written, net)


def net_context(payslip: UUID, agent: int) -> bytes:
    """What a sealed amount is bound to."""
    return f"payslip:{payslip}:{agent}:net".encode()


def _cutter(path: Path) -> Cutter:
    if path not in _cutters:
        while len(_cutters) >= MAX_OPEN:
            _cutters.pop(next(iter(_cutters))).close()
        _cutters[path] = Cutter(path)
    return _cutters[path]


def forget_sources() -> None:
    """Closes the files that this process keeps open."""
    while _cutters:
        _cutters.popitem()[1].close()


@contextmanager
def workers(processes: int) -> Iterator[Executor | None]:
    """A pool of processes, or None to work in this one (`processes` under 2)."""
    if processes < 2:
        try:
            yield None
        finally:
            forget_sources()
        return
    with process_pool(processes) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def spread(
    pool: Executor | None, function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]], *, ahead: int = 6
) -> Iterator[Result]:
    """Results of `function(*task)` as they come, at most `ahead` tasks being under way: memory stays flat."""
    if pool is None:
        for task in tasks:
            yield function(*task)
        return
    running: set[Future[Result]] = set()
    for task in tasks:
        running.add(pool.submit(function, *task))
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    for future in running:
        yield future.result()
