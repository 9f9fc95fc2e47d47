"""Settings of passwords, provisional ones included (`docs/operations.md`, « Accounts »)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nomade.config.fields import address, number, words, yes_or_no
from nomade.config.reader import SettingError


@dataclass(frozen=True, kw_only=True)
class PasswordSettings:
    """Two doors for a password one chooses, and the life of one that is given."""

    # Door A: mixed signs. Door B: a passphrase, whatever its signs.
    password_minimum: int = number(15, low=12, high=64)
    password_classes: int = number(3, low=1, high=4)
    password_units: int = number(8, low=6, high=15)
    password_passphrase: int = number(20, low=16, high=64)
    password_passphrase_units: int = number(12, low=8, high=20)
    password_privileged_minimum: int = number(16, low=12, high=64)
    # Zero: never. Whoever shows a passkey is not asked.
    password_privileged_years: int = number(3, low=0, high=10)
    password_maximum: int = number(256, low=64, high=1024)
    password_history: int = number(5, low=0, high=24)
    password_context_words: tuple[str, ...] = words()
    # Argon2id, one lane: the floor of OWASP, checked below.
    argon2_memory_kib: int = number(19_456, low=7_168, high=1_048_576)
    argon2_passes: int = number(2, low=1, high=10)
    breached_passwords_url: str = address("https", "http")
    breached_passwords_seconds: int = number(1, low=1, high=5)
    # From the recorded hand-over of a letter; of a letter nobody recorded; of one given by support.
    provisional_handed_days: int = number(7, low=1, high=60)
    provisional_batch_days: int = number(60, low=1, high=180)
    provisional_reset_hours: int = number(24, low=1, high=168)
    provisional_failures: int = number(5, low=1, high=25)
    provisional_uses: int = number(1, low=1, high=5)
    provisional_session_minutes: int = number(15, low=5, high=60)
    provisional_birth_date: bool = yes_or_no(default=True)
    email_link_hours: int = number(24, low=1, high=168)


# OWASP, Password Storage: with fewer passes, more memory.
_LEAST_MEMORY_KIB = {1: 47_104, 2: 19_456, 3: 12_288, 4: 9_216}


def checked(chosen: dict[str, Any]) -> dict[str, Any]:
    """The settings, when the cost of a password is no lower than the floor. Raises SettingError."""
    least = _LEAST_MEMORY_KIB.get(chosen["argon2_passes"], 7_168)
    if chosen["argon2_memory_kib"] < least:
        raise SettingError(
            f"Réglage NOMADE_ARGON2_MEMORY_KIB : avec NOMADE_ARGON2_PASSES à {chosen['argon2_passes']}, "
            f"il faut au moins {least}."
        )
    return chosen
