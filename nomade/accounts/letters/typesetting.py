"""The activation letter on paper: what it says, and its PDF (PDF/UA-1), for one agent or for a few hundred."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import segno
import typst

NBSP = "\N{NO-BREAK SPACE}"
# Trying the eight masks of ISO 18004 is four fifths of the making of a square. On our addresses this one is the best
# three times in five, and its penalty 2 % over the best's on average; a reader reads any.
MASK = 2


@dataclass(frozen=True)
class Sender:
    """What is the same on every letter."""

    organisation: str
    portal: str
    help: str


@dataclass(frozen=True)
class Letter:
    """One letter, ready to be printed."""

    name: str
    address: tuple[str, ...]
    unit: str
    login: str
    code: str
    conditions: tuple[str, ...]
    day: str


def sign_in_address(portal: str, login: str, code: str) -> str:
    """What the square holds. Login and code come after « # »: a browser sends them to nobody."""
    return f"{portal}/premiere-connexion/#" + urlencode({"login": login, "code": code})


def typeset(sender: Sender, letters: Sequence[Letter]) -> bytes:
    """The PDF of some letters, one page each; about 0.5 MB of memory a page, so a few hundred at most."""
    data = {
        "organisation": sender.organisation,
        "portal": sender.portal.removeprefix("https://"),
        "introduction": (
            "Bonjour. Le portail réunit vos bulletins de paie, vos congés et votre messagerie. Il s’ouvre en deux "
            "minutes, sur votre téléphone ou sur un ordinateur."
        ),
        "help": sender.help,
        "letters": [
            {
                "name": letter.name,
                "address": letter.address,
                "unit": letter.unit,
                "login": letter.login,
                "code": letter.code,
                "code_image": _square(sign_in_address(sender.portal, letter.login, letter.code)),
                "conditions": letter.conditions,
                "day": letter.day,
            }
            for letter in letters
        ],
    }
    made = typst.compile(
        _template(), format="pdf", pdf_standards="ua-1", sys_inputs={"letters": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> bytes:
    return Path(__file__).with_name("letter.typ").read_bytes()


def _square(address: str) -> str:
    drawn = io.BytesIO()
    square = segno.make(address, error="m", micro=False, mask=MASK)
    square.save(drawn, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return drawn.getvalue().decode()
