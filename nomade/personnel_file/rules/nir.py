"""The NIR: its key, its parts, and how it is shown (RNIPP, décret 2019-341: encrypted, used for pay and DSN only)."""

from __future__ import annotations

import re

_SHAPE = re.compile(
    r"(?P<sex>[12])(?P<year>\d{2})(?P<month>0[1-9]|1[0-2]|2\d|3\d|4[0-2]|[5-9]\d)"
    r"(?P<department>\d{2}|2A|2B)(?P<town>\d{3})(?P<order>\d{3})(?P<key>\d{2})?"
)


class NirFault(ValueError):
    """Why a NIR is not taken; never holds the NIR itself."""


def bare(typed: str) -> str:
    """Its signs without spaces."""
    return re.sub(r"[\s.\u00a0\u202f-]", "", typed).upper()


def key_of(nir13: str) -> str:
    """97 − (N mod 97), on two digits; Corsica counts as 19 (2A) or 18 (2B) at the place of the department."""
    number = nir13.replace("2A", "19").replace("2B", "18")
    return f"{97 - int(number) % 97:02d}"


def checked(typed: str) -> str:
    """The fifteen signs of a NIR, its key computed when it is not given. Raises NirFault."""
    nir = bare(typed)
    match = _SHAPE.fullmatch(nir)
    if match is None:
        raise NirFault("forme inattendue : 13 signes, puis la clé de 2 chiffres")
    expected = key_of(nir[:13])
    if match["key"] is not None and match["key"] != expected:
        raise NirFault(f"clé fausse : attendue {expected}")
    return nir[:13] + expected


def masked(nir: str) -> str:
    """« 1 84 •• •• ••• ••• •• »: what may be shown, to its owner too."""
    return f"{nir[0]} {nir[1:3]} •• •• ••• ••• ••".replace(" ", "\N{NO-BREAK SPACE}")
