"""Addresses on the content host: encrypted, short-lived, for one agent and one message. That host knows no session."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import Http404
from django.utils.crypto import salted_hmac

from mailkit.imap import MessageRef
from nomade.kernel.clock import now
from nomade.kernel.hosts import absolute_url
from nomade.people.models import Agent

NONCE = 12
Kind = Literal["body", "shown", "print", "inline", "page", "file", "eml", "zip", "draft", "leave", "away"]
# A frame and its pictures are asked for as the page opens; ten minutes leave time for « Précédent » and a slow network.
LIFE: dict[Kind, timedelta] = {
    "body": timedelta(minutes=10),
    "shown": timedelta(minutes=10),
    "print": timedelta(minutes=10),
    "inline": timedelta(minutes=10),
    "page": timedelta(minutes=10),
    "file": timedelta(seconds=60),
    "leave": timedelta(minutes=10),
    # A message is read for as long as a working day; the page opens nothing once its reader has signed out.
    "away": timedelta(hours=12),
    # A picture of a letter that is being written: shown again each time the page of the draft is opened.
    "draft": timedelta(minutes=10),
    "eml": timedelta(seconds=60),
    "zip": timedelta(seconds=60),
}


@dataclass(frozen=True)
class Pass:
    """What an address opens."""

    agent: int
    ref: MessageRef
    section: str


def address(kind: Kind, agent: Agent, ref: MessageRef, section: str = "") -> str:
    """The address of a body, an inline picture or a file on the content host."""
    content = json.dumps([agent.pk, ref.folder, ref.uidvalidity, ref.uid, section, int(now().timestamp())])
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher().encrypt(nonce, content.encode(), kind.encode())
    token = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    return absolute_url("content", f"mail-content:{kind}", token)


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    """Encrypts, and does not only sign: a folder's name is the agent's, and addresses stay in logs and histories."""
    return AESGCM(salted_hmac("nomade.mail.links", "key", algorithm="sha256").digest())


def opened(kind: Kind, token: str) -> Pass:
    """What an address opens. Raises Http404 when it is forged, of another kind, or too old."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        content = _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], kind.encode())
        agent, folder, uidvalidity, uid, section, made_at = json.loads(content)
    except (InvalidTag, ValueError) as error:
        raise Http404 from error
    if not 0 <= now().timestamp() - made_at <= LIFE[kind].total_seconds():
        raise Http404
    return Pass(int(agent), MessageRef(str(folder), int(uidvalidity), int(uid)), str(section))
