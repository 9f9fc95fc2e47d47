"""Writing iCalendar (RFC 5545): lines, instants, texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

# One less than the 75 octets allowed, for the space that a continued line begins with.
LONGEST_LINE = 74


def written(lines: Iterable[str]) -> str:
    """The lines of a calendar, folded and ended as the standard asks."""
    return "".join(f"{folded(line)}\r\n" for line in lines)


def instant(moment: datetime) -> str:
    """A moment, in universal time (§ 3.3.5)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text value (§ 3.3.11)."""
    for sign, replaced in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, replaced)
    return text


def folded(line: str) -> str:
    """A line of at most 75 octets, the rest on lines that start with a space (§ 3.1)."""
    parts, rest = [], line.encode()
    while len(rest) > LONGEST_LINE:
        cut = LONGEST_LINE
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(rest[:cut])
        rest = b" " + rest[cut:]
    return b"\r\n".join([*parts, rest]).decode()
