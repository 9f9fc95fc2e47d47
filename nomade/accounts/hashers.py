"""Argon2id at the floor of OWASP and ASVS 5.0 (appendix C): with long passwords it is enough."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: 18 ms on one core, so that a whole city may sign in on payday.

    Django's own default takes eight threads and 100 MiB a hash.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
