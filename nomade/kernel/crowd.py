"""Whether more people sign in than this process can let in: seen by who comes and finds every thread busy.

The web server keeps requests that find no thread in a queue of its own, which Python does not see; a queue that lasts
makes everybody wait, those who are inside too. One who arrives while all the other threads work is a sign of it, and a
long row of such arrivals is a proof. Bursts shorter than the row are served late rather than refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

# An arrival counts for one thirtieth: some sixty in a row that find every thread busy bring the level to the limit,
# however slow the machine is. Where nobody has come for two seconds there is no queue.
WEIGHT, LIMIT, GAP_SECONDS = 1 / 30, 0.8, 2.0


class Crowd:
    """Counts who is inside. `threads`: how many requests this process answers at once; 0 where nobody knows."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._threads, self._clock = threads, clock
        self._guard = threading.Lock()
        self._inside, self._level, self._at = 0, 0.0, clock()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """A request, whatever it asks."""
        with self._guard:
            self._inside += 1
        try:
            yield
        finally:
            with self._guard:
                self._inside -= 1

    def is_too_large(self) -> bool:
        """Asked by each costly arrival, once: whether it must be told to come back later."""
        if not self._threads:
            return False
        with self._guard:
            present = self._clock()
            former = self._level if present - self._at < GAP_SECONDS else 0.0
            full = float(self._inside >= self._threads)
            self._level, self._at = former + (full - former) * WEIGHT, present
            return self._level > LIMIT


# Of this process; `nomade run` says how many threads it gives to each.
crowd = Crowd(settings.NOMADE.web_threads)
