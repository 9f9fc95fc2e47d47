"""People in headers, read tolerantly; addresses to write to, checked strictly."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from email.utils import getaddresses
from functools import lru_cache

from mailkit.mime import charsets, headers

# What we accept to send to: the everyday shape of RFC 5321, ASCII only, no quoted local part, no address literal.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]",
    re.ASCII,
)
# `Name <a@b>`, `"Name" <a@b>` or `a@b`, without anything that needs thought.
_SIMPLE = re.compile(r'(?:(?:"([^"\\]*)"|([^"<>()@,;:\\]*))\s*<([\w.+-]+@[\w.-]+)>|([\w.+-]+@[\w.-]+))\s*', re.ASCII)
MAX_ADDRESSES = 2000
# Newer Pythons refuse a whole header for one odd address unless told otherwise; older ones know no such argument.
_TOLERANT = {"strict": False} if "strict" in inspect.signature(getaddresses).parameters else {}


@dataclass(frozen=True)
class Address:
    """A person of a header: `name` may be empty, `email` may be anything that a stranger wrote."""

    name: str
    email: str

    @property
    def label(self) -> str:
        """The name when there is one, else the address."""
        return self.name or self.email

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


def parse(raw_values: list[bytes]) -> tuple[Address, ...]:
    """The people of an address header. Never raises; what cannot be understood is shown whole, as a name.

    The structure is read before encoded words are decoded, so that a comma or an `<…>` hidden in a name stays there.
    """
    found = [address for raw in raw_values for address in _parsed(raw)]
    return tuple(found[:MAX_ADDRESSES])


# The same few people write all day long: the standard library takes a twentieth of a millisecond for each header.
@lru_cache(maxsize=4096)
def _parsed(raw: bytes) -> tuple[Address, ...]:
    value = raw.decode("ascii") if raw.isascii() else charsets.decode(raw)
    simple = _SIMPLE.fullmatch(value)
    if simple is not None:
        name = headers.clean(headers.decode_words((simple[1] or simple[2] or "").strip()))
        return (Address(name, simple[3] or simple[4]),)
    try:
        pairs = getaddresses([value], **_TOLERANT)
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        pairs = [(value, "")]
    found = []
    for name, email in pairs[:MAX_ADDRESSES]:
        address = Address(headers.clean(headers.decode_words(name)), headers.clean(email))
        if address.name or address.email:
            found.append(address)
    return tuple(found)


def is_valid(email: str) -> bool:
    """Whether we accept to send to this address."""
    return len(email) <= 254 and len(email.partition("@")[0]) <= 64 and _ADDRESS.fullmatch(email) is not None


def split_typed(typed: str) -> tuple[list[Address], list[str]]:
    """What a person typed in « À »: the addresses understood, and the pieces that are none.

    Commas, semicolons and line breaks separate; `Nom <adresse>` is understood.
    """
    good: list[Address] = []
    bad: list[str] = []
    for piece in _pieces(typed):
        name, email = _one(piece)
        if is_valid(email):
            if email.lower() not in {known.email.lower() for known in good}:
                good.append(Address(name, email))
        else:
            bad.append(piece)
    return good, bad


def _pieces(typed: str) -> list[str]:
    pieces, current, inside = [], "", False
    for character in typed:
        if character == '"':
            inside = not inside
        if character in ",;\n\r" and not inside:
            pieces.append(current)
            current = ""
        else:
            current += character
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]


def _one(piece: str) -> tuple[str, str]:
    found = re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>", piece)
    if found:
        return headers.clean(found["name"].strip().strip('"')), found["email"].strip()
    return "", piece
