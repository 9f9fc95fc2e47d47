"""What is done in bulk leaves the processor to who waits for a page."""

from __future__ import annotations

import os

import pytest

from nomade.kernel import processes
from nomade.kernel.processes import AUTOGROUP, GENTLE, process_pool


def test_a_process_of_a_pool_gives_way_to_the_pages() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with process_pool(1) as pool:
        found = pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result()
    assert found == min(own + GENTLE, 19)


def _session() -> tuple[bool, str]:
    return os.getsid(0) == os.getpid(), AUTOGROUP.read_text().partition(" nice ")[2].strip()


def test_it_gives_way_to_programs_of_other_sessions_too_where_the_kernel_shares_between_sessions() -> None:
    with process_pool(2) as pool:
        found = [pool.submit(_session) for _ in range(2)] if AUTOGROUP.exists() else []
    assert [future.result() for future in found] == ([(True, str(GENTLE))] * 2 if AUTOGROUP.exists() else [])


class _Busy:
    """The kernel, which lets users lower a session ten times a second."""

    def __init__(self, refusals: int) -> None:
        self.refusals, self.written = refusals, ""

    def write_text(self, text: str) -> None:
        self.refusals -= 1
        if self.refusals >= 0:
            raise BlockingIOError
        self.written = text


def test_a_pool_that_starts_at_once_asks_the_kernel_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = _Busy(refusals=2)
    monkeypatch.setattr(processes, "AUTOGROUP", kernel)
    monkeypatch.setattr(processes, "BETWEEN_TRIES", 0)
    processes._lower_session()
    assert kernel.written == str(GENTLE)
