"""A proof of work without any puzzle: the browser looks for a number whose hash begins with enough zero bits.

Nothing to read, to see or to solve (WCAG 3.3.8), nothing asked of a third party. A challenge is signed, so showing one
writes nothing; a proof is accepted once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from nomade.accounts.lockout.models import SpentProof
from nomade.kernel.clock import now

SALT = "nomade.accounts.proof"
LONGEST = 200


def new_challenge() -> str:
    """`expiry.bits.salt.mac`."""
    numbers = settings.NOMADE.lockout
    end = int((now() + timedelta(minutes=numbers.proof_minutes)).timestamp())
    body = f"{end}.{numbers.proof_bits}.{secrets.token_hex(12)}"
    return f"{body}.{_mac(body)}"


def is_proof(text: str) -> bool:
    """Whether `challenge:number` is a proof of ours, in time, right, and never used before."""
    challenge, _, number = text[:LONGEST].rpartition(":")
    body, _, mac = challenge.rpartition(".")
    if not number.isascii() or not number.isdigit() or not constant_time_compare(mac, _mac(body)):
        return False
    end, bits, _salt = body.split(".")
    digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
    if now().timestamp() > int(end) or int.from_bytes(digest, "big") >> (256 - int(bits)):
        return False
    spent: dict[str, Any] = {"expires_at": datetime.fromtimestamp(int(end), tz=now().tzinfo)}
    _row, first = SpentProof.objects.get_or_create(
        digest=hashlib.sha256(challenge.encode()).hexdigest(), defaults=spent
    )
    return first


def _mac(body: str) -> str:
    return salted_hmac(SALT, body, algorithm="sha256").hexdigest()[:32]
