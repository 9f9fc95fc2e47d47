"""Codes read on paper or by telephone: no letter that is taken for another, no capital to think of."""

from __future__ import annotations

import re
import secrets

from nomade.kernel.ids import UNAMBIGUOUS

# 8 signs among 30: 39 bits, under Argon2id, with five tries a quarter of an hour (docs/adr/0018).
LENGTH, GROUP = 8, 4


def new_code() -> str:
    """`ABCD-EFGH`, from the system's generator."""
    signs = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def typed(text: str) -> str:
    """What was typed, as it was printed: capitals, without spaces nor hyphens."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:64]


def is_code(text: str) -> bool:
    """Whether something typed has the shape of a printed code."""
    return len(typed(text)) == LENGTH
