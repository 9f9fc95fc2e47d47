"""What is done in bulk leaves the processor to who waits for a page."""

from __future__ import annotations

import os

from nomade.kernel.processes import GENTLE, process_pool


def test_a_process_of_a_pool_gives_way_to_the_pages() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with process_pool(1) as pool:
        found = pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result()
    assert found == min(own + GENTLE, 19)
