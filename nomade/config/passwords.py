"""Settings of passwords, provisional ones included (`docs/operations.md`, « Accounts »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import address, number, words, yes_or_no


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
    password_maximum: int = number(256, low=64, high=1024)
    password_history: int = number(5, low=0, high=24)
    password_context_words: tuple[str, ...] = words()
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
