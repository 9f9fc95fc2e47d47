"""Whether somebody may act on an account: proofs of identity, second technician, delay.

ASVS 6.4.4 and 6.4.6; CISA AA23-320A: a help desk that resets on personal data alone is how intruders come in. A birth
date or a matricule proves nothing, so neither is a proof here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProofKind(StrEnum):
    """How the technician made sure of who is asking. Two proofs of one kind are one proof."""

    CALLBACK = "callback"
    SUPERVISOR = "supervisor"
    SESSION_CODE = "session_code"
    BADGE = "badge"


class Missing(StrEnum):
    """What still stands in the way of an act."""

    PROOFS = "proofs"
    SECOND_TECHNICIAN = "second_technician"
    DELAY = "delay"
    EXPIRED = "expired"
    REFUSED = "refused"
    OWN_ACCOUNT = "own_account"


@dataclass(frozen=True)
class Check:
    """What is known of one check of identity."""

    proofs: Collection[ProofKind]
    expires_at: datetime
    refused: bool
    own_account: bool
    privileged: bool
    seconded: bool
    # Where no second technician exists: until when one waits. None: a second technician is needed.
    waits_until: datetime | None


def missing(check: Check, *, needed: int, now: datetime) -> list[Missing]:
    """What stands in the way of an act on the account, the worst first; nothing when it may be done."""
    found = []
    if check.own_account:
        found.append(Missing.OWN_ACCOUNT)
    if check.refused:
        found.append(Missing.REFUSED)
    if check.expires_at <= now:
        found.append(Missing.EXPIRED)
    if len(set(check.proofs)) < needed:
        found.append(Missing.PROOFS)
    if check.privileged and not check.seconded:
        if check.waits_until is None:
            found.append(Missing.SECOND_TECHNICIAN)
        elif check.waits_until > now:
            found.append(Missing.DELAY)
    return found
