"""Pools of working processes that never outlive the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

GENTLE = 10


def process_pool(processes: int, tasks_each: int | None = None) -> ProcessPoolExecutor:
    """A pool of fresh processes: a forked child would share its parent's database connection.

    `tasks_each`: after so many tasks a process is replaced, for libraries that never give memory back.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_start, max_tasks_per_child=tasks_each)


def _start() -> None:
    """What is done in bulk gives way to who waits for a page: a lower priority costs nothing on a machine at rest."""
    os.nice(GENTLE)
    _die_with_parent()


def _die_with_parent() -> None:
    """Without this, the workers of a parent killed with SIGKILL would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
