"""A ticket to listen: sealed, for one agent, used once within thirty seconds, on another port of the same host."""

from __future__ import annotations

import base64
import json
import os
import time
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

from nomade.people.models import Agent

NONCE = 12
LIFE_SECONDS = 30
_PURPOSE = b"nomade.mail.live"


def address(agent: Agent, host: str) -> str:
    """Where the page listens; empty when nothing is pushed on this installation."""
    port = settings.NOMADE.live_port
    if not port:
        return ""
    nonce = os.urandom(NONCE)
    content = json.dumps([agent.pk, int(time.time())]).encode()
    token = base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, content, _PURPOSE)).rstrip(b"=").decode()
    return f"https://{host}:{port}/direct?ticket={token}"


class Box:
    """The tickets that were used already, for as long as they could be shown again."""

    def __init__(self) -> None:
        self._used: dict[str, float] = {}

    def open(self, token: str) -> int | None:
        """The agent (by id) that a ticket names, once; None for a forged, late or used one."""
        now = time.time()
        self._used = {key: until for key, until in self._used.items() if until > now}
        try:
            sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            agent, made_at = json.loads(_cipher().decrypt(sealed[:NONCE], sealed[NONCE:], _PURPOSE))
        except (InvalidTag, ValueError):
            return None
        key = sealed.hex()
        if key in self._used or not 0 <= now - made_at <= LIFE_SECONDS:
            return None
        self._used[key] = now + LIFE_SECONDS * 2
        return int(agent)


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("nomade.mail.live", "key", algorithm="sha256").digest())
