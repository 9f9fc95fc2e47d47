"""Argon2id at the floor of OWASP and ASVS 5.0 (appendix C): with long passwords it is enough."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _
from nacl import bindings as sodium
from nacl.exceptions import InvalidkeyError

from nomade.kernel.errors import Unavailable

HASH_BYTES = 32


class Busy(Unavailable):
    """Too many passwords are being checked at once."""

    def __init__(self) -> None:
        super().__init__(
            "hashing",
            _("Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes."),
        )


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: 15 ms on one core, so that a whole city may sign in on payday.

    Both numbers are settings; a password hashed with others is hashed again at the next sign-in. libsodium computes it
    with the vector instructions of the processor, the reference code without: same hashes, a quarter less time
    (docs/adr/0074).

    Django's own default takes eight threads and 100 MiB a hash. So many at once and no more: a flood waits a little,
    then is told to come back, and eats neither the memory nor the processors of the other pages.
    """

    parallelism = 1
    # Django counts 62 signs a character; each of our 16 is a byte.
    salt_entropy = 95

    @property
    def time_cost(self) -> int:  # type: ignore[override]  # read anew: settings may differ from one test to the next
        return settings.NOMADE.argon2_passes

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return settings.NOMADE.argon2_memory_kib

    def salt(self) -> str:
        """16 random bytes, each as one character: what libsodium takes."""
        return secrets.token_bytes(sodium.crypto_pwhash_SALTBYTES).decode("latin-1")

    def encode(self, password: str, salt: str) -> str:
        passes, memory = self.time_cost, self.memory_cost
        with hashing_place():
            made = sodium.crypto_pwhash_alg(
                HASH_BYTES,
                password.encode(),
                salt.encode("latin-1"),
                passes,
                memory * 1024,
                sodium.crypto_pwhash_ALG_ARGON2ID13,
            )
        numbers = f"m={memory},t={passes},p={self.parallelism}"
        return f"{self.algorithm}$argon2id$v=19${numbers}${_base64(salt.encode('latin-1'))}${_base64(made)}"

    def verify(self, password: str, encoded: str) -> bool:
        written = encoded.partition("$")[2]
        with hashing_place():
            try:
                return bool(sodium.crypto_pwhash_str_verify(f"${written}".encode(), password.encode()))
            except InvalidkeyError:
                return False


def _base64(some: bytes) -> str:
    return base64.b64encode(some).decode().rstrip("=")


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
