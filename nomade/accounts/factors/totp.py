"""Codes of six digits that change every thirty seconds (RFC 6238): pure functions."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP, DIGITS, DRIFT = 30, 6, 1
# 160 bits, what RFC 4226 (§ 4, R6) recommends and every application takes.
SECRET_BYTES = 20


def new_secret() -> bytes:
    """A fresh secret, from the system's generator."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """The secret as one types it in an application: base32, by groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def uri(secret: bytes, login: str, organisation: str) -> str:
    """What the QR code says (Google's « Key Uri Format », which every application reads)."""
    text = base64.b32encode(secret).decode().rstrip("=")
    issuer = quote(organisation)
    return f"otpauth://totp/{issuer}:{quote(login)}?secret={text}&issuer={issuer}&digits={DIGITS}&period={STEP}"


def code_at(secret: bytes, step: int) -> str:
    """The code of one step of thirty seconds."""
    return TOTP(secret, DIGITS, SHA1(), STEP).generate(step * STEP).decode()  # noqa: S303  # RFC 6238 and its apps


def matching_step(secret: bytes, typed: str, at: float) -> int | None:
    """The step whose code was typed: the present one, the one before or the one after; None when it is none."""
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    present = int(at) // STEP
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), code):
            found = step
    return found
