"""Pools of working processes that never outlive the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path

GENTLE = 10
#: Absent where processors are shared by control groups, as in a container.
AUTOGROUP = Path("/proc/self/autogroup")
TRIES, BETWEEN_TRIES = 20, 0.15


def process_pool(processes: int, tasks_each: int | None = None) -> ProcessPoolExecutor:
    """A pool of fresh processes: a forked child would share its parent's database connection.

    `tasks_each`: after so many tasks a process is replaced, for libraries that never give memory back.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_start, max_tasks_per_child=tasks_each)


def _start() -> None:
    """What is done in bulk gives way to who waits for a page: a lower priority costs nothing on a machine at rest."""
    _give_way()
    _die_with_parent()


def _give_way() -> None:
    """Lowers the priority of this process, against its own session and against all others.

    Linux shares a processor first between sessions (`sched(7)`, autogroup), and `nice` counts inside one only: beside a
    web server started in another session, a niced process would still take its half. So it leads a session of its own,
    and the whole session gives way.
    """
    os.nice(GENTLE)
    if AUTOGROUP.exists():
        os.setsid()
        _lower_session()


def _lower_session() -> None:
    for _ in range(TRIES):
        # The kernel lets users ask ten times a second, all together: the processes of a pool start at once.
        with suppress(BlockingIOError):
            AUTOGROUP.write_text(str(GENTLE))
            return
        time.sleep(BETWEEN_TRIES)


def _die_with_parent() -> None:
    """Without this, the workers of a parent killed with SIGKILL would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
