"""BODYSTRUCTURE: which part of a message is its text, which its HTML, what is attached."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

from mailkit.errors import MailError
from mailkit.imap.parser import Value, integer
from mailkit.imap.types import Part
from mailkit.mime import bodies, charsets, headers

_FILENAME = re.compile(rb'filename\*?\s*=\s*(?:"([^"]*)"|([^;]+))', re.IGNORECASE)
MAX_PARTS = 2000
MAX_DEPTH = 30


@dataclass
class Outline:
    """What to fetch, and what to offer."""

    texts: list[Part] = field(default_factory=list)
    html: Part | None = None
    attachments: list[Part] = field(default_factory=list)
    inline: dict[str, Part] = field(default_factory=dict)
    invitation: Part | None = None


@dataclass(frozen=True)
class _Place:
    """Where a node stands in the tree."""

    section: str
    depth: int
    alternative: bool = False
    related: bool = False
    first: bool = True


def outline(structure: Value) -> Outline:
    """Reads a BODYSTRUCTURE. Raises MailError("protocol") when it is none.

    Bounded: past 2,000 parts or 30 levels the rest is left out, so a message made to exhaust us costs nothing.
    """
    if not isinstance(structure, list):
        raise MailError("protocol", "no BODYSTRUCTURE")
    result = Outline()
    waiting: list[tuple[list[Value], _Place]] = [(structure, _Place("", 0))]
    seen = 0
    while waiting and seen < MAX_PARTS:
        node, place = waiting.pop()
        seen += 1
        if node and isinstance(node[0], list):
            waiting.extend(reversed(_children(node, place)))
        else:
            _place_leaf(result, _leaf(node, place.section or "1"), place)
    result.attachments = [
        replace(part, name=bodies.file_name(part.name, kind=part.content_type, number=number))
        for number, part in enumerate(result.attachments, start=1)
    ]
    return result


def _children(node: list[Value], place: _Place) -> list[tuple[list[Value], _Place]]:
    if place.depth >= MAX_DEPTH:
        return []
    children: list[list[Value]] = []
    for child in node:
        if not isinstance(child, list):
            break
        children.append(child)
    subtype = _word(node[len(children)]) if len(children) < len(node) else "mixed"
    return [
        (
            child,
            _Place(
                section=f"{place.section}.{number}" if place.section else str(number),
                depth=place.depth + 1,
                alternative=place.alternative or subtype == "alternative",
                related=subtype == "related" or place.related,
                first=number == 1,
            ),
        )
        for number, child in enumerate(children, start=1)
    ]


def _place_leaf(result: Outline, part: Part, place: _Place) -> None:
    if part.content_type == "text/calendar" and result.invitation is None:
        result.invitation = part
    readable = part.content_type in ("text/plain", "text/html") and part.disposition != "attachment"
    if readable and not part.name and part.content_type == "text/html" and result.html is None:
        result.html = part
    elif readable and not part.name and part.content_type == "text/plain" and _belongs_to_text(result, place):
        result.texts.append(part)
    else:
        if part.content_id:
            result.inline[part.content_id] = part
        # A picture that the HTML shows is not offered a second time.
        if not (place.related and part.content_id and part.content_type.startswith("image/") and not place.first):
            result.attachments.append(part)


def _belongs_to_text(result: Outline, place: _Place) -> bool:
    """Beside the HTML, a text that is not its alternative is offered as an attachment: nothing is lost."""
    return place.alternative or result.html is None


def _leaf(node: list[Value], section: str) -> Part:
    def item(index: int) -> Value:
        return node[index] if index < len(node) else None

    main, sub = _word(item(0)) or "application", _word(item(1)) or "octet-stream"
    kind = bodies.content_type(f"{main}/{sub}")
    parameters = _parameters(item(2))
    # RFC 9051 § 7.5.2: message/rfc822 has three more fields, text/* one more, before the extension data.
    extension = 10 if kind == "message/rfc822" and isinstance(item(7), list) else 8 if main == "text" else 7
    disposition, disposition_parameters = _disposition(item(extension + 1))
    return Part(
        section=section,
        content_type=kind,
        encoding=_word(item(5)),
        size=integer(item(6)),
        charset=parameters.get("charset", ""),
        name=disposition_parameters.get("filename") or parameters.get("name", ""),
        content_id=_content_id(item(3)),
        disposition=disposition,
    )


def _word(value: Value) -> str:
    return value.decode("ascii", errors="replace").lower() if isinstance(value, bytes) else ""


def _content_id(value: Value) -> str:
    return value.decode("utf-8", errors="replace").strip().strip("<>") if isinstance(value, bytes) else ""


def _disposition(value: Value) -> tuple[str, dict[str, str]]:
    if isinstance(value, bytes):
        # pymap hands over the header as it stands, where the RFC wants a list.
        kind, _, rest = value.partition(b";")
        named = _FILENAME.search(rest)
        name = headers.text(named[1] or named[2]) if named else ""
        return _word(kind).strip(), {"filename": name} if name else {}
    if not isinstance(value, list) or not value:
        return "", {}
    return _word(value[0]), _parameters(value[1] if len(value) > 1 else None)


def _parameters(value: Value) -> dict[str, str]:
    """MIME parameters by lower-case name: continuations of RFC 2231, and encoded words where there should be none."""
    if not isinstance(value, list):
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for index in range(0, len(value) - 1, 2):
        name, raw = _word(value[index]), value[index + 1]
        if not isinstance(raw, bytes):
            continue
        base, star, rest = name.partition("*")
        if star:
            number = rest.rstrip("*")
            pieces.setdefault(base, []).append((int(number) if number.isdigit() else 0, name.endswith("*"), raw))
        else:
            plain[name] = headers.text(raw)
    for base, found in pieces.items():
        plain[base] = _join_pieces(sorted(found, key=lambda piece: piece[0]))
    return plain


def _join_pieces(pieces: list[tuple[int, bool, bytes]]) -> str:
    charset = ""
    joined = b""
    for position, (_number, encoded, raw) in enumerate(pieces):
        content = raw
        if encoded:
            if position == 0 and raw.count(b"'") >= 2:
                label, _language, content = raw.split(b"'", 2)
                charset = label.decode("ascii", errors="replace")
            content = unquote_to_bytes(content)
        joined += content
    return headers.clean(charsets.decode(joined, charset))
