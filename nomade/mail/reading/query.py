"""What a person types in the search field, in French: `de:martin objet:"plan d’été" a:pièce avant:01/11/2026`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from mailkit.imap import Criteria
from mailkit.imap.criteria import EVERYTHING, through
from mailkit.imap.roles import fold
from nomade.kernel.clock import today

_PIECE = re.compile(
    r'(?:(?P<name>[^\s:"«»]{1,12}):\s?)?(?:"(?P<quoted>[^"]*)"|«\s*(?P<french>[^»]*?)\s*»|(?P<word>[^\s"«»]+))'
)
_DAY = re.compile(r"(?:(?P<d>\d{1,2})[/.-])?(?P<m>\d{1,2})[/.-](?P<y>\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_FIELDS = {
    "de": "sender", "from": "sender", "expediteur": "sender",
    "a": "recipients", "to": "recipients", "pour": "recipients", "cc": "recipients", "destinataire": "recipients",
    "objet": "subject", "sujet": "subject", "subject": "subject",
    "texte": "body", "corps": "body", "contenu": "body",
}  # fmt: skip
_STATES = {
    "nonlu": "unread", "nonlus": "unread", "non-lu": "unread", "unread": "unread",
    "lu": "seen", "lus": "seen", "suivi": "flagged", "suivis": "flagged", "etoile": "flagged", "repondu": "answered",
}  # fmt: skip
_ATTACHED = {"piece", "pieces", "pj", "piece-jointe", "pieces-jointes", "attachment"}
_LIMITS = frozenset({"avant", "apres", "le", "depuis", "jusqua", "jusqu’a"})
_OPERATORS = frozenset({*_FIELDS, *_LIMITS, "est", "dans", "etiquette"})
EVERYWHERE = {"tout", "partout", "tous", "boite"}
MAX_QUERY = 500


@dataclass(frozen=True)
class Asked:
    """A search as understood. `unclear` holds what was not."""

    criteria: Criteria = EVERYTHING
    folder: str = ""
    label: str = ""
    everywhere: bool = False
    unclear: tuple[str, ...] = ()


def understand(typed: str) -> Asked:
    """Reads a search. Never raises: what is not understood is looked for as words, or said."""
    asked = Asked()
    typed = typed[:MAX_QUERY]
    if typed.count('"') % 2:
        # A quotation that nobody closed goes on to the end.
        typed += '"'
    for found in _PIECE.finditer(typed):
        value = next((found[key] for key in ("quoted", "french", "word") if found[key] is not None), "").strip()
        if not found["name"] and value.endswith(":") and fold(value[:-1]) in _OPERATORS:
            asked = replace(asked, unclear=(*asked.unclear, value))
        else:
            asked = _with(asked, found["name"] or "", value)
    return asked


def _with(asked: Asked, name: str, value: str) -> Asked:
    key, known = fold(name), asked.criteria
    if not value:
        return asked
    if key == "a" and fold(value) in _ATTACHED:
        return replace(asked, criteria=replace(known, attachment=True))
    if key in _FIELDS:
        field = _FIELDS[key]
        added: dict[str, Any] = {field: (*getattr(known, field), value)}
        return replace(asked, criteria=replace(known, **added))
    if key == "est" and fold(value) in _STATES:
        state: dict[str, Any] = {_STATES[fold(value)]: True}
        return replace(asked, criteria=replace(known, **state))
    if key == "dans":
        return replace(asked, everywhere=True) if fold(value) in EVERYWHERE else replace(asked, folder=value)
    if key == "etiquette":
        return replace(asked, label=value)
    if key in _LIMITS:
        return _limited(asked, key, value)
    word = f"{name}:{value}" if name else value
    return replace(asked, criteria=replace(known, words=(*known.words, word)))


def _limited(asked: Asked, key: str, value: str) -> Asked:
    known = asked.criteria
    first, last = days(value)
    if first is None or last is None:
        return replace(asked, unclear=(*asked.unclear, f"{key}:{value}"))
    if key == "avant":
        return replace(asked, criteria=replace(known, before=first))
    if key == "apres":
        return replace(asked, criteria=replace(known, since=through(last)))
    if key == "depuis":
        return replace(asked, criteria=replace(known, since=first))
    if key != "le":
        return replace(asked, criteria=replace(known, before=through(last)))
    return replace(asked, criteria=replace(known, since=first, before=through(last)))


def days(value: str) -> tuple[date | None, date | None]:
    """The first and last day of « hier », « 03/11/2026 », « 2026-11-03 », « 11/2026 », « 2026 »; None when unclear."""
    word = fold(value)
    named = {"aujourdhui": 0, "aujourd'hui": 0, "aujourd’hui": 0, "hier": 1, "avant-hier": 2}
    if word in named:
        day = today() - timedelta(days=named[word])
        return day, day
    try:
        if iso := _ISO.fullmatch(word):
            return _span(int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None)
        if french := _DAY.fullmatch(word):
            return _span(int(french["y"]), int(french["m"]), int(french["d"]) if french["d"] else None)
        if re.fullmatch(r"\d{4}", word):
            return date(int(word), 1, 1), date(int(word), 12, 31)
    except ValueError:
        return None, None
    return None, None


def _span(year: int, month: int, day: int | None) -> tuple[date, date]:
    first = date(year, month, day or 1)
    if day:
        return first, first
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)
