"""Settings of second factors, sessions and lost passwords (`docs/operations.md`)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import choice, number, text, yes_or_no


@dataclass(frozen=True, kw_only=True)
class FactorSettings:
    """Who shows a second factor and for how long it holds; how long sessions last; how a lost password is replaced."""

    # « auto »: always in production; a development machine asks none of the demo's officers on loopback.
    mfa_privileged: str = choice("auto", "auto", "always", "internet")
    # « auto »: a sensitive role shows a passkey in production, and any factor in development.
    mfa_privileged_passkey: str = choice("auto", "auto", "always", "never")
    mfa_grace_days: int = number(14, low=0, high=365)
    factor_minutes: int = number(10, low=2, high=60)
    card_codes: int = number(20, low=5, high=60)
    trust_days: int = number(60, low=0, high=365)
    trust_days_privileged: int = number(14, low=0, high=365)
    step_up_minutes: int = number(10, low=1, high=60)
    # « auto »: what the portal's and the webmail's names end with.
    passkey_domain: str = text("auto")
    self_recovery: bool = yes_or_no(default=True)
    recovery_minutes: int = number(30, low=5, high=24 * 60)
    recovery_code_minutes: int = number(15, low=5, high=60)
    recovery_closed_hours: int = number(72, low=0, high=24 * 30)
    session_idle_minutes: int = number(30, low=2, high=24 * 60)
    session_absolute_hours: int = number(12, low=1, high=24 * 7)
    session_idle_minutes_privileged: int = number(15, low=2, high=24 * 60)
    session_absolute_hours_privileged: int = number(8, low=1, high=24 * 7)
    session_idle_minutes_shared: int = number(10, low=2, high=24 * 60)
    sessions_at_most: int = number(5, low=1, high=50)
    sessions_at_most_privileged: int = number(2, low=1, high=50)
    session_history_days: int = number(30, low=1, high=365)
