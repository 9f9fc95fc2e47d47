"""Is each part of the portal well? Each app declares how to know; a job asks, pages show what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HealthCheck:
    """One part, as agents know it; `well` may take seconds and never raises for a part that is merely down."""

    key: str
    label: Any
    well: Callable[[], bool]


_checks: dict[str, HealthCheck] = {}


def add_check(check: HealthCheck) -> None:
    """Makes a check known; called once, from `apps.py`. Raises ValueError for a second one of the same key."""
    if check.key in _checks:
        raise ValueError(f"health check {check.key!r} is added twice")
    _checks[check.key] = check


def checks() -> list[HealthCheck]:
    """Every known check, in the order in which apps declared them."""
    return list(_checks.values())
