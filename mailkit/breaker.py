"""Keeps a slow or dead server from slowing the rest: a limit on who waits, and a memory of who failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mailkit.errors import MailError

_FAILURES = ("unreachable", "timeout")


class Breaker:
    """At most `places` threads talk to the server; after `failures` in a row nobody does for `rest_seconds`.

    While all places are taken by requests that move fast, one more waits `patience_seconds`; when one of them has been
    waiting for longer than `slow_seconds`, the answer is immediate. After the rest, one request tries first.
    """

    def __init__(
        self,
        *,
        places: int = 2,
        failures: int = 3,
        rest_seconds: float = 20.0,
        patience_seconds: float = 0.5,
        slow_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._limit = failures
        self._rest_seconds = rest_seconds
        self._patience_seconds = patience_seconds
        self._slow_seconds = slow_seconds
        self._clock = clock
        self._changed = threading.Condition()
        self._since: dict[int, float] = {}
        self._failed = 0
        self._open_until = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether requests are turned away at once because the server failed repeatedly."""
        with self._changed:
            return self._clock() < self._open_until

    @property
    def is_idle(self) -> bool:
        """Whether nobody talks to the server just now: what can wait may be asked."""
        with self._changed:
            return not self._since and self._clock() >= self._open_until

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Lets a request through. Raises MailError("unreachable") when open, MailError("busy") when full."""
        probe = self._enter()
        try:
            yield
        except MailError as error:
            if error.key in _FAILURES:
                self._note_failure()
            else:
                self._note_success()
            raise
        else:
            self._note_success()
        finally:
            self._leave(probe=probe)

    def _enter(self) -> bool:
        me = threading.get_ident()
        with self._changed:
            self._refuse_if_open()
            if len(self._since) >= self._places:
                slow = any(self._clock() - since > self._slow_seconds for since in self._since.values())
                if slow or not self._changed.wait_for(
                    lambda: len(self._since) < self._places, timeout=self._patience_seconds
                ):
                    raise MailError("busy", "too many requests wait on the mail server", retry=True)
                self._refuse_if_open()
            probe = self._failed >= self._limit
            if probe and self._probing:
                raise MailError("unreachable", "the mail server is being tried again", retry=True)
            self._probing = self._probing or probe
            self._since[me] = self._clock()
            return probe

    def _refuse_if_open(self) -> None:
        if self._clock() < self._open_until:
            raise MailError("unreachable", "the mail server failed repeatedly; resting", retry=True)

    def _leave(self, *, probe: bool) -> None:
        with self._changed:
            self._since.pop(threading.get_ident(), None)
            if probe:
                self._probing = False
            self._changed.notify()

    def _note_failure(self) -> None:
        with self._changed:
            self._failed += 1
            if self._failed >= self._limit:
                self._open_until = self._clock() + self._rest_seconds

    def _note_success(self) -> None:
        with self._changed:
            self._failed = 0
            self._open_until = 0.0
