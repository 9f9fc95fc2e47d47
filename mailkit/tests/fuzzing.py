"""What a hostile message or server goes through, as one call each, for hypothesis and atheris alike.

`read_message` takes what a stranger sent; `read_answer` takes what a server answered to FETCH. Neither may raise
anything but what it says, whatever comes.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path

from mailkit import ical
from mailkit.errors import MailError
from mailkit.html.clean import clean
from mailkit.html.text import blocks, from_html
from mailkit.imap import reading
from mailkit.imap.parser import fetched
from mailkit.imap.structure import outline
from mailkit.imap.types import MessageRef
from mailkit.mime import addresses, bodies, headers

SEEDS = Path(__file__).parent / "seeds"
ATTACKS = Path(__file__).parent / "attacks"
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\r?\n\Z")
REF = MessageRef("INBOX", 1, 1)


def chunks(answer: bytes) -> list[bytes | tuple[bytes, bytes]]:
    """An answer cut as imaplib hands it over: lines, and lines that end in a literal with that literal."""
    found: list[bytes | tuple[bytes, bytes]] = []
    position = 0
    while position < len(answer):
        end = answer.find(b"\n", position) + 1 or len(answer)
        line = answer[position:end]
        literal = _LITERAL.search(line)
        position = end
        if literal is None:
            found.append(line.rstrip(b"\r\n"))
        else:
            size = int(literal[1])
            found.append((line.rstrip(b"\r\n"), answer[position : position + size]))
            position += size
    return found


def read_answer(answer: bytes) -> None:
    """The answer of a FETCH, up to lines of a list and a message. Raises MailError for what makes no sense."""
    for items in fetched(chunks(answer)):
        envelope = reading.envelope(items, "INBOX", 1)
        if envelope is not None:
            reading.reflagged(envelope, items)
        reading.view(items, REF, outline(items.get(b"BODYSTRUCTURE")), text=None, html=None, truncated=False)


def parts(message: bytes) -> Iterator[tuple[str, str, bytes, str]]:
    """Type, transfer encoding, encoded content and charset of each part, as a mail server takes them apart."""
    try:
        for part in email.message_from_bytes(message, policy=policy.compat32).walk():
            if part.is_multipart():
                continue
            content = part.get_payload()
            raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else b""
            yield (
                part.get_content_type(),
                str(part.get("Content-Transfer-Encoding", "")),
                raw,
                str(part.get_param("charset", "") or ""),
            )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, AssertionError):
        # The standard library's own faults on such a message: the server's parser is another one.
        return


def read_message(message: bytes) -> None:
    """A message, from its headers to what is shown. Raises nothing."""
    fields = headers.parse_header_block(message.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0])
    for name in ("from", "to", "cc", "reply-to"):
        addresses.parse(fields.get(name, []))
    for values in fields.values():
        for value in values[:20]:
            headers.text(value)
            headers.date(value)
            headers.message_ids(value)
    for kind, encoding, raw, charset in parts(message):
        text = bodies.text(raw, encoding, charset)
        bodies.file_name(headers.text(raw[:300]), kind=kind)
        if kind == "text/html":
            from_html(clean(text).html)
        elif kind == "text/calendar":
            try:
                ical.read(text)
            except MailError:
                continue
        else:
            blocks(text)


__all__ = ["ATTACKS", "SEEDS", "chunks", "parts", "read_answer", "read_message"]
