"""From the items of a FETCH to an envelope or a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailkit.imap.parser import Value, integer
from mailkit.imap.structure import Outline
from mailkit.imap.types import Envelope, MessageRef, MessageView
from mailkit.mime import addresses, headers

ENVELOPE_ITEMS = (
    "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS "
    "(FROM TO CC SUBJECT DATE CONTENT-TYPE MESSAGE-ID IN-REPLY-TO REFERENCES)])"
)
VIEW_ITEMS = (
    "(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS "
    "(FROM SENDER REPLY-TO TO CC SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES LIST-UNSUBSCRIBE "
    "LIST-UNSUBSCRIBE-POST DISPOSITION-NOTIFICATION-TO IMPORTANCE X-PRIORITY AUTHENTICATION-RESULTS)])"
)
# Headers that a page shows or acts on, kept as text.
KEPT = ("list-unsubscribe", "list-unsubscribe-post", "disposition-notification-to", "importance", "x-priority",
        "authentication-results", "sender")  # fmt: skip
MOST_SAME = 8
_SYSTEM = frozenset({"\\seen", "\\answered", "\\flagged", "\\deleted", "\\draft", "\\recent", "$forwarded"})
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
        keywords=keywords(flags),
        sent_at=headers.date(headers.first(fields, "date")),
        message_id=next(iter(headers.message_ids(headers.first(fields, "message-id"))), ""),
        references=_ancestors(fields),
    )


def reflagged(known: Envelope, items: dict[bytes, Value]) -> Envelope:
    """An envelope with the flags of a later answer."""
    flags = _flags(items)
    return replace(
        known,
        seen="\\seen" in flags,
        answered="\\answered" in flags,
        forwarded="$forwarded" in flags,
        flagged="\\flagged" in flags,
        draft="\\draft" in flags,
        keywords=keywords(flags),
    )


def marked(known: MessageView, items: dict[bytes, Value]) -> MessageView:
    """A message with the flags of a later answer."""
    flags = _flags(items)
    return replace(known, flagged="\\flagged" in flags, answered="\\answered" in flags, keywords=keywords(flags))


def keywords(flags: set[str]) -> tuple[str, ...]:
    """What an agent put on a message: labels, in lower case."""
    return tuple(sorted(flag for flag in flags - _SYSTEM if not flag.startswith("\\")))


def _ancestors(fields: dict[str, list[bytes]]) -> tuple[str, ...]:
    """The messages that this one answers, the nearest last."""
    raw = headers.first(fields, "references") + b" " + headers.first(fields, "in-reply-to")
    return tuple(dict.fromkeys(headers.message_ids(raw)))[-30:]


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
    flags = _flags(items)
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
        seen="\\seen" in flags,
        text=text,
        html=html,
        has_html=outline.html is not None,
        truncated=truncated,
        attachments=tuple(outline.attachments),
        inline=dict(outline.inline),
        flagged="\\flagged" in flags,
        answered="\\answered" in flags,
        keywords=keywords(flags),
        headers={name: _kept(name, fields[name]) for name in KEPT if name in fields},
        invitation=outline.invitation,
    )


def _kept(name: str, values: list[bytes]) -> str:
    """A header as text: the first of its name, or a line each of those that every server on the way may write."""
    most = MOST_SAME if name == "authentication-results" else 1
    return "\n".join(map(headers.text, values[:most]))[:4000]


def _flags(items: dict[bytes, Value]) -> set[str]:
    found = items.get(b"FLAGS")
    if not isinstance(found, list):
        return set()
    return {flag.decode("ascii", errors="replace").lower() for flag in found if isinstance(flag, bytes)}


def _received(items: dict[bytes, Value]) -> datetime | None:
    raw = items.get(b"INTERNALDATE")
    return headers.internal_date(raw) if isinstance(raw, bytes) else None
