"""Identifiers that may be shown in an address."""

from __future__ import annotations

import secrets
import uuid

# Letters and digits that nobody confuses when reading them on paper or by telephone.
UNAMBIGUOUS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_id() -> uuid.UUID:
    """A random identifier (RFC 9562, version 4): it tells nothing about the row or its neighbours."""
    return uuid.uuid4()


def new_reference() -> str:
    """Eight unambiguous signs naming one request in the log, read over the telephone to the support."""
    code = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"
