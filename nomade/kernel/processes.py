"""Pools of working processes that never outlive the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait


def process_pool(processes: int, tasks_each: int | None = None) -> ProcessPoolExecutor:
    """A pool of fresh processes: a forked child would share its parent's database connection.

    `tasks_each`: after so many tasks a process is replaced, for libraries that never give memory back.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        processes, mp_context=context, initializer=_die_with_parent, max_tasks_per_child=tasks_each
    )


def _die_with_parent() -> None:
    """Without this, the workers of a parent killed with SIGKILL would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
