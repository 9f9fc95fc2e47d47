"""Codes, texts and limits of certificates. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# 32 signs without I, L, O, U (Crockford): nothing to mistake on the telephone. 16 of them make 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
_FIELD = re.compile(r"\{([^{}]*)\}")

# What a text may name; the description is shown to whoever edits it.
FIELDS = {
    "civilite_nom": "civilité, prénom et nom",
    "employeur": "nom de la collectivité",
    "statut": "statut (titulaire, contractuel…)",
    "grade": "grade",
    "emploi": "emploi occupé",
    "service": "service d’affectation",
    "date_entree": "date d’entrée",
    "quotite": "quotité de travail",
    "date": "date d’établissement",
}


@dataclass(frozen=True)
class Content:
    """What a certificate says, frozen. `private` rows are hidden from a checker unless the agent allowed them."""

    title: str
    holder: str
    employer: str
    paragraphs: list[str]
    rows: list[list[str]] = field(default_factory=list)
    private: bool = False
    signatory: str = ""
    #: Titles of the columns; empty: a fact and its value.
    head: list[str] = field(default_factory=list)


def code_from(random: bytes) -> str:
    """80 random bits as sixteen signs. Raises ValueError for another length."""
    if len(random) * 8 != CODE_LENGTH * 5:
        raise ValueError("a code is drawn from 10 bytes")
    number = int.from_bytes(random, "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def grouped(code: str) -> str:
    """`ABCD-EFGH-JKMN-PQRS`, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """What somebody typed, as it was drawn: case, spaces and look-alikes do not matter. Empty when it is none."""
    plain = re.sub(r"[\s\-–—.]", "", text.upper()).translate(str.maketrans("ILO", "110"))
    return plain if len(plain) == CODE_LENGTH and all(sign in ALPHABET for sign in plain) else ""


def unknown_fields(text: str) -> list[str]:
    """The fields between braces that no certificate can fill."""
    return sorted({name for name in _FIELD.findall(text) if name not in FIELDS} | _lonely_braces(text))


def _lonely_braces(text: str) -> set[str]:
    left = _FIELD.sub("", text)
    return {sign for sign in "{}" if sign in left}


def filled(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a text with its fields replaced. Nothing else in a text is ever interpreted."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return [_FIELD.sub(lambda found: values.get(found[1], found[0]), part) for part in paragraphs]


def is_blocked(wrong: int, since: datetime, at: datetime, *, most: int, window: timedelta) -> bool:
    """Whether an address typed too many wrong codes lately."""
    return wrong >= most and at < since + window
