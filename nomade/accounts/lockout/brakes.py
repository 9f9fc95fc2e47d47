"""Failures of one address: after many its browser must compute a proof, after more it is told to come back later.

A browser that is known for the account is never braked: somebody may share an address with an attacker.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from nomade.kernel.clock import now
from nomade.kernel.http import PortalRequest, Zone
from nomade.kernel.prepared import prepared_cursor


class Pace(Enum):
    """What an address must do before it tries a password."""

    FREE = "free"
    PROOF = "proof"
    STOP = "stop"


@dataclass(frozen=True)
class Brake:
    """The pace of a request's address, and in how many seconds its count starts again.

    `attacked`: many accounts are being tried, and this request comes from outside.
    """

    pace: Pace
    seconds: int = 0
    attacked: bool = False


_READ = """
SELECT (SELECT failures FROM accounts_source WHERE network = %(network)s AND started_at > %(since)s),
       (SELECT started_at FROM accounts_source WHERE network = %(network)s),
       EXISTS (SELECT FROM accounts_attack WHERE is_open)
"""

_FAILURE = """
INSERT INTO accounts_source AS s (network, failures, started_at) VALUES (%(network)s, 1, %(at)s)
ON CONFLICT (network) DO UPDATE SET
  failures = CASE WHEN s.started_at > %(since)s THEN s.failures + 1 ELSE 1 END,
  started_at = CASE WHEN s.started_at > %(since)s THEN s.started_at ELSE %(at)s END
"""


def network_of(address: str) -> str:
    """What counts as one source: an IPv4 address, or the /64 of an IPv6 one, which one subscriber holds whole."""
    parsed = ipaddress.ip_address(address)
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network(f"{parsed}/64", strict=False))


def brake(request: HttpRequest) -> Brake:
    """The pace of this address now; during an attack over many accounts, every stranger outside owes a proof."""
    portal, numbers = cast(PortalRequest, request), settings.NOMADE.lockout
    with prepared_cursor() as cursor:
        cursor.execute(_READ, {"network": network_of(portal.client_address), "since": now() - _window()})
        failures, started_at, attacked = cursor.fetchone()
    inside = portal.zone is Zone.PROFESSIONAL
    attacked = attacked and not inside
    factor = numbers.professional_factor if inside else 1
    if (failures or 0) >= numbers.source_stop_failures * factor:
        return Brake(Pace.STOP, max(1, int((started_at + _window() - now()).total_seconds()) + 1), attacked)
    if attacked or (failures or 0) >= numbers.source_failures * factor:
        return Brake(Pace.PROOF, attacked=attacked)
    return Brake(Pace.FREE)


def note_failure(request: HttpRequest) -> None:
    """One more failure of this address."""
    at = now()
    network = network_of(cast(PortalRequest, request).client_address)
    with prepared_cursor() as cursor:
        cursor.execute(_FAILURE, {"network": network, "at": at, "since": at - _window()})


def _window() -> timedelta:
    return timedelta(minutes=settings.NOMADE.lockout.source_minutes)
