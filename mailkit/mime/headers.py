"""Headers as they really come: encoded words cut in the middle, raw 8-bit, unknown charsets, missing folds."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from mailkit.mime.charsets import decode

# RFC 2047, more tolerant: spaces inside the text and a language tag (RFC 2231) do occur.
_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,60})(?:\*[A-Za-z0-9-]*)?\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Characters that turn the reading direction round: used to disguise names and addresses.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_INTERNAL = re.compile(rb"\s*(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\s*")
_MONTHS = {name: number for number, name in enumerate(
    (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), start=1
)}  # fmt: skip
MAX_HEADER = 65536


def parse_header_block(block: bytes) -> dict[str, list[bytes]]:
    """Raw values by lower-case name, unfolded, in their order. Never raises; a line that is no header is dropped."""
    headers: dict[str, list[bytes]] = {}
    current: list[bytes] | None = None
    for line in block[:MAX_HEADER].split(b"\n"):
        line = line.rstrip(b"\r")  # noqa: PLW2901
        if not line:
            continue
        if line[:1] in b" \t":
            if current is not None:
                current[-1] += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        if not colon or not name or b" " in name.rstrip():
            current = None
            continue
        current = headers.setdefault(name.strip().lower().decode("ascii", errors="replace"), [])
        current.append(value.strip())
    return headers


def first(headers: dict[str, list[bytes]], name: str) -> bytes:
    """The first value of a header, empty when there is none."""
    return headers.get(name, [b""])[0]


def text(raw: bytes) -> str:
    """A header for a person: encoded words decoded, control and direction characters out. Never raises."""
    value = raw.decode("ascii") if raw.isascii() else decode(raw)
    if "=?" in value:
        value = decode_words(value)
    return clean(value)


def clean(value: str) -> str:
    """One line without control or direction characters."""
    value = _DIRECTION.sub("", _CONTROL.sub("", value.replace("\r", " ").replace("\n", " ").replace("\t", " ")))
    return value.strip()


def decode_words(value: str) -> str:
    """Decodes the encoded words of `value` (RFC 2047), joining the bytes of neighbours of one charset.

    Joining before decoding mends what senders break most: a character of several bytes cut between two words.
    """
    output: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    for found in _WORD.finditer(value):
        between = value[position : found.start()]
        if between.strip() or not pending:
            _flush(pending, output)
            output.append(between)
        charset, kind, content = found[1].lower(), found[2].lower(), found[3]
        pending.append((charset, _unword(kind, content)))
        position = found.end()
    _flush(pending, output)
    output.append(value[position:])
    return "".join(output)


def _flush(pending: list[tuple[str, bytes]], output: list[str]) -> None:
    while pending:
        charset, joined = pending.pop(0)
        while pending and pending[0][0] == charset:
            joined += pending.pop(0)[1]
        output.append(decode(joined, charset))


def _unword(kind: str, content: str) -> bytes:
    raw = content.encode("utf-8", errors="replace")
    if kind == "q":
        return quopri.decodestring(raw.replace(b"_", b" ").replace(b" ", b"=20"))
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


def date(raw: bytes) -> datetime | None:
    """The moment of a Date header, aware and in UTC; None when it cannot be understood."""
    return _attempt(lambda: parsedate_to_datetime(raw.decode("ascii", errors="replace")))


def internal_date(raw: bytes) -> datetime | None:
    """The moment of an IMAP INTERNALDATE (` 1-Nov-2026 08:00:00 +0100`), aware and in UTC."""
    found = _INTERNAL.fullmatch(raw)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return _attempt(
        lambda: (
            datetime(int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            - (ahead if sign == b"+" else -ahead)
        )
    )


def _attempt(parse: Callable[[], datetime | None]) -> datetime | None:
    try:
        moment = parse()
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, KeyError, OverflowError, IndexError, AttributeError, UnicodeError):
        return None


def message_ids(raw: bytes) -> tuple[str, ...]:
    """The message identifiers of a Message-ID, In-Reply-To or References header."""
    return tuple(_MESSAGE_ID.findall(raw.decode("ascii", errors="replace")))
