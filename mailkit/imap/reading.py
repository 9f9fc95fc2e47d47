"""From the items of a FETCH to an envelope or a message."""

from __future__ import annotations

from datetime import datetime

from mailkit.imap.parser import Value, integer
from mailkit.imap.structure import Outline
from mailkit.imap.types import Envelope, MessageRef, MessageView
from mailkit.mime import addresses, headers

ENVELOPE_ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM TO CC SUBJECT DATE CONTENT-TYPE)])"
VIEW_ITEMS = (
    "(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS "
    "(FROM REPLY-TO TO CC SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES)])"
)
_HEADER = b"BODY[HEADER.FIELDS]"


def envelope(items: dict[bytes, Value], folder: str, uidvalidity: int) -> Envelope | None:
    """A line of the list; None for an answer that is no message (a change of flags that crossed ours)."""
    uid = integer(items.get(b"UID"))
    block = items.get(_HEADER)
    if not uid or not isinstance(block, bytes):
        return None
    fields = headers.parse_header_block(block)
    flags = _flags(items)
    people = addresses.parse(fields.get("from", [])[:1])
    return Envelope(
        ref=MessageRef(folder, uidvalidity, uid),
        subject=headers.text(headers.first(fields, "subject")),
        sender=people[0] if people else None,
        recipients=addresses.parse([*fields.get("to", [])[:1], *fields.get("cc", [])[:1]]),
        received_at=_received(items) or headers.date(headers.first(fields, "date")),
        size=integer(items.get(b"RFC822.SIZE")),
        seen="\\seen" in flags,
        answered="\\answered" in flags,
        forwarded="$forwarded" in flags,
        flagged="\\flagged" in flags,
        draft="\\draft" in flags,
        # Without asking for each structure: a mixed message is one with attachments, but for a rare footer.
        has_attachments=headers.first(fields, "content-type").lower().startswith(b"multipart/mixed"),
    )


def view(
    items: dict[bytes, Value],
    ref: MessageRef,
    outline: Outline,
    *,
    text: str | None,
    html: str | None,
    truncated: bool,
) -> MessageView:
    """A message as it is read."""
    block = items.get(_HEADER)
    fields = headers.parse_header_block(block if isinstance(block, bytes) else b"")
    people = addresses.parse(fields.get("from", [])[:1])
    identifiers = headers.message_ids(headers.first(fields, "message-id"))
    replied = headers.message_ids(headers.first(fields, "in-reply-to"))
    return MessageView(
        ref=ref,
        message_id=identifiers[0] if identifiers else "",
        in_reply_to=replied[0] if replied else "",
        references=headers.message_ids(headers.first(fields, "references"))[-50:],
        subject=headers.text(headers.first(fields, "subject")),
        sender=people[0] if people else None,
        reply_to=addresses.parse(fields.get("reply-to", [])[:1]),
        to=addresses.parse(fields.get("to", [])),
        cc=addresses.parse(fields.get("cc", [])),
        sent_at=headers.date(headers.first(fields, "date")),
        received_at=_received(items),
        size=integer(items.get(b"RFC822.SIZE")),
        seen="\\seen" in _flags(items),
        text=text,
        html=html,
        has_html=outline.html is not None,
        truncated=truncated,
        attachments=tuple(outline.attachments),
        inline=dict(outline.inline),
    )


def _flags(items: dict[bytes, Value]) -> set[str]:
    found = items.get(b"FLAGS")
    if not isinstance(found, list):
        return set()
    return {flag.decode("ascii", errors="replace").lower() for flag in found if isinstance(flag, bytes)}


def _received(items: dict[bytes, Value]) -> datetime | None:
    raw = items.get(b"INTERNALDATE")
    return headers.internal_date(raw) if isinstance(raw, bytes) else None
