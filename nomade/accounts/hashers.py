"""Argon2id at the floor of OWASP and ASVS 5.0 (appendix C): with long passwords it is enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from nomade.kernel.errors import Unavailable


class Busy(Unavailable):
    """Too many passwords are being checked at once."""

    def __init__(self) -> None:
        super().__init__(
            "hashing",
            _("Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes."),
        )


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: 18 ms on one core, so that a whole city may sign in on payday.

    Both numbers are settings; a password hashed with others is hashed again at the next sign-in.

    Django's own default takes eight threads and 100 MiB a hash. So many at once and no more: a flood waits a little,
    then is told to come back, and eats neither the memory nor the processors of the other pages.
    """

    parallelism = 1

    @property
    def time_cost(self) -> int:  # type: ignore[override]  # read anew: settings may differ from one test to the next
        return settings.NOMADE.argon2_passes

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return settings.NOMADE.argon2_memory_kib

    def encode(self, password: str, salt: str) -> str:
        with hashing_place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with hashing_place():
            return super().verify(password, encoded)


# One worker process a processor: so many a process are so many a processor of the node.
_slots = threading.BoundedSemaphore(settings.NOMADE.lockout.hashes_per_cpu)


_held = threading.local()


@contextmanager
def hashing_place() -> Iterator[None]:
    """A place to compute hashes, one at a time; raises Busy when none gets free in time. May be nested."""
    if getattr(_held, "place", False):
        yield
        return
    if not _slots.acquire(timeout=settings.NOMADE.lockout.hash_wait_ms / 1000):
        raise Busy
    _held.place = True
    try:
        yield
    finally:
        _held.place = False
        _slots.release()
