"""Contacts in and out: vCard 3 and 4 (RFC 2426, RFC 6350), CSV. What cannot be read is counted, never guessed."""

from __future__ import annotations

import csv
import io
import quopri
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailkit.mime import addresses, charsets, headers

MOST = 5000
LARGEST = 5_000_000
# What opens a formula in a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t")
_COLUMNS = {
    "name": ("nom", "name", "nom complet", "display name", "nom affiché", "full name", "nom à afficher"),
    "email": ("adresse", "email", "e-mail", "courriel", "mail", "e-mail address", "adresse de messagerie",
              "e-mail 1 - value", "primary email", "première adresse électronique"),
    "organisation": ("organisme", "organisation", "organization", "société", "company", "entreprise"),
    "phone": ("téléphone", "telephone", "phone", "mobile", "mobile phone", "tél. mobile"),
    "note": ("note", "notes", "remarques"),
    "groups": ("groupes", "groupe", "groups", "categories", "catégories"),
    "first": ("prénom", "first name", "given name"),
    "last": ("nom de famille", "last name", "family name", "surname"),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """Somebody, as a file says."""

    name: str
    email: str
    organisation: str = ""
    phone: str = ""
    note: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """What a file held: cards, and how many entries had no usable address."""

    cards: tuple[Card, ...]
    skipped: int


def read(content: bytes) -> Read:
    """The contacts of a file, whichever kind it is."""
    text = charsets.decode(content[:LARGEST], "utf-8").lstrip("\ufeff")
    return _read_vcards(text) if "BEGIN:VCARD" in text.upper() else _read_csv(text)


def _kept(cards: Iterable[Card]) -> Read:
    found: dict[str, Card] = {}
    skipped = 0
    for card in cards:
        if addresses.is_valid(card.email) and len(found) < MOST:
            found.setdefault(card.email.lower(), card)
        else:
            skipped += 1
    return Read(tuple(found.values()), skipped)


def _read_vcards(text: str) -> Read:
    unfolded = re.sub(r"\r?\n[ \t]", "", re.sub(r"=\r?\n", "", text))
    cards: list[Card] = []
    current: dict[str, str] | None = None
    for line in unfolded.splitlines():
        name, _, value = line.partition(":")
        key, *parameters = name.split(";")
        key = key.rpartition(".")[2].strip().upper()
        if key == "BEGIN":
            current = {}
        elif key == "END" and current is not None:
            cards.append(_card(current))
            current = None
        elif current is not None and key not in current:
            if any("QUOTED-PRINTABLE" in one.upper() for one in parameters):
                value = charsets.decode(quopri.decodestring(value.encode()), "utf-8")
            current[key] = value
    return _kept(cards)


def _card(fields: dict[str, str]) -> Card:
    whole = _plain(fields.get("FN", ""))
    if not whole:
        last, first, *_rest = [*(_plain(part) for part in _split(fields.get("N", ""), ";")), "", ""]
        whole = f"{first} {last}".strip()
    return Card(
        name=whole[:120],
        email=_plain(fields.get("EMAIL", "")).removeprefix("mailto:").strip(),
        organisation=" ".join(filter(None, (_plain(part) for part in _split(fields.get("ORG", ""), ";"))))[:120],
        phone=_plain(fields.get("TEL", "")).removeprefix("tel:")[:40],
        note=_plain(fields.get("NOTE", ""), lines=True)[:1000],
        groups=tuple(filter(None, (_plain(part)[:80] for part in _split(fields.get("CATEGORIES", ""), ","))))[:10],
    )


def _split(value: str, separator: str) -> list[str]:
    return re.split(rf"(?<!\\){separator}", value)


def _plain(value: str, *, lines: bool = False) -> str:
    undone = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
    if lines:
        return "\n".join(headers.clean(line) for line in undone.split("\n")).strip()
    return headers.clean(undone.replace("\n", " ")).strip()


def _read_csv(text: str) -> Read:
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        titles = [title.strip().lower() for title in next(rows, [])]
        places = {
            field: next((titles.index(name) for name in names if name in titles), -1)
            for field, names in _COLUMNS.items()
        }
        return _kept(_line(row, places) for row in rows if any(cell.strip() for cell in row))
    except csv.Error:
        return Read((), 1)


def _line(row: list[str], places: dict[str, int]) -> Card:
    def cell(field: str) -> str:
        at = places[field]
        value = headers.clean(row[at]).strip() if 0 <= at < len(row) else ""
        # What we wrote to keep a spreadsheet from computing it.
        return value[1:] if value[:1] == "'" and value[1:2] in _FORMULA else value

    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    groups = tuple(filter(None, (one.strip()[:80] for one in re.split(r"[,|]", cell("groups")))))[:10]
    return Card(name[:120], cell("email"), cell("organisation")[:120], cell("phone")[:40], cell("note")[:1000], groups)


def as_vcards(cards: Iterable[Card]) -> str:
    """A file of vCards 4.0."""
    written = []
    for card in cards:
        lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(card.name or card.email)}", f"EMAIL:{card.email}"]
        for key, value in (("ORG", card.organisation), ("TEL", card.phone), ("NOTE", card.note)):
            if value:
                lines.append(f"{key}:{_escaped(value)}")
        if card.groups:
            lines.append("CATEGORIES:" + ",".join(_escaped(group) for group in card.groups))
        written.append("\r\n".join(_folded(line) for line in [*lines, "END:VCARD"]))
    return "\r\n".join([*written, ""])


def _escaped(value: str) -> str:
    plain = value.replace("\r\n", "\n").replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    return "\r\n ".join(line[at : at + 70] for at in range(0, len(line), 70))


def as_csv(cards: Iterable[Card]) -> str:
    """A file that a French spreadsheet opens: semicolons, a byte order mark, nothing that it would compute."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Nom", "Adresse", "Organisme", "Téléphone", "Note", "Groupes"])
    for card in cards:
        cells = [card.name, card.email, card.organisation, card.phone, card.note, ", ".join(card.groups)]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\ufeff" + out.getvalue()
