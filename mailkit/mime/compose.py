"""Writing a message, and reading it back before it leaves.

`EmailMessage` has folding faults that change a header's meaning (python/cpython #121284, #99927), so what it wrote is
parsed again with our own tolerant reader and compared with what was meant.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, Message
from email.utils import format_datetime

from mailkit.errors import MailError
from mailkit.mime import addresses, bodies, headers
from mailkit.mime.addresses import Address

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)
MAX_REFERENCES = 30


@dataclass(frozen=True)
class Attachment:
    """A file to send."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """What is to be sent. `message_id` comes from `new_message_id`, so that a second try is the same message."""

    message_id: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    sent_at: datetime
    cc: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address to hand to the server, once each."""
        return tuple(dict.fromkeys(person.email for person in (*self.to, *self.cc)))


def new_message_id(domain: str) -> str:
    """A fresh Message-ID on our own domain. Raises ValueError when that is no domain."""
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"not a domain: {domain!r}")
    return f"<{secrets.token_hex(16)}@{domain}>"


def compose(letter: Letter) -> bytes:
    """The message as bytes with CRLF line ends.

    Raises MailError("bad_argument") for a line break in a header or an address that is none, and
    MailError("not_composable") when it does not read back as it was meant.
    """
    _check(letter)
    message = EmailMessage(policy=policy.SMTP)
    try:
        message["From"] = _header_address(letter.sender)
        message["To"] = [_header_address(person) for person in letter.to]
        if letter.cc:
            message["Cc"] = [_header_address(person) for person in letter.cc]
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.sent_at)
        message["Message-ID"] = letter.message_id
        if letter.in_reply_to:
            message["In-Reply-To"] = letter.in_reply_to
        if letter.references:
            message["References"] = " ".join(letter.references[-MAX_REFERENCES:])
        message.set_content(letter.text, cte="quoted-printable")
        for attachment in letter.attachments:
            main, _, sub = bodies.content_type(attachment.content_type).partition("/")
            if main in ("message", "multipart"):
                main, sub = "application", "octet-stream"
            message.add_attachment(
                attachment.content, maintype=main, subtype=sub, filename=bodies.file_name(attachment.name)
            )
        raw = message.as_bytes()
    except (ValueError, TypeError, IndexError, KeyError, MessageError, UnicodeError) as error:
        raise MailError("not_composable", f"{type(error).__name__}: {error}") from error
    _compare(raw, letter)
    return raw


def _check(letter: Letter) -> None:
    one_line = [letter.subject, letter.message_id, letter.in_reply_to, *letter.references]
    for person in (letter.sender, *letter.to, *letter.cc):
        one_line.append(person.name)
        if not addresses.is_valid(person.email):
            raise MailError("bad_argument", "not an address")
    if any(re.search(r"[\r\n\0]", value) for value in one_line):
        raise MailError("bad_argument", "line break or NUL in a header")
    identifiers = [letter.message_id, *letter.references, *([letter.in_reply_to] if letter.in_reply_to else [])]
    if not all(_MESSAGE_ID.fullmatch(value) for value in identifiers):
        raise MailError("bad_argument", "not a Message-ID")
    if not letter.to and not letter.cc:
        raise MailError("bad_argument", "no recipient")


def _header_address(person: Address) -> HeaderAddress:
    return HeaderAddress(display_name=person.name, addr_spec=person.email)


def _compare(raw: bytes, letter: Letter) -> None:
    block, _, _ = raw.partition(b"\r\n\r\n")
    read = headers.parse_header_block(block)
    once = all(len(read.get(name, [])) <= 1 for name in ("from", "to", "cc", "subject", "message-id", "date"))
    same = (
        once
        and _squeeze(headers.text(headers.first(read, "subject"))) == _squeeze(letter.subject)
        and headers.first(read, "message-id").decode("ascii", errors="replace") == letter.message_id
        and _people(read, "from") == [letter.sender.email]
        and _people(read, "to") == [person.email for person in letter.to]
        and _people(read, "cc") == [person.email for person in letter.cc]
    )
    if not same:
        raise MailError("not_composable", "a header does not read back as it was written")
    _compare_bodies(message_from_bytes(raw, policy=policy.compat32), letter)


def _compare_bodies(message: Message, letter: Letter) -> None:
    leaves = [part for part in message.walk() if not part.is_multipart()]
    contents = [part.get_payload(decode=True) for part in leaves]
    first = contents[0] if contents and isinstance(contents[0], bytes) else b""
    written = bodies.text(first, "", "utf-8").rstrip("\n")
    if written != _lines(letter.text).rstrip("\n"):
        raise MailError("not_composable", "the text does not read back as it was written")
    for content, attachment in zip(contents[1:], letter.attachments, strict=False):
        if content != attachment.content:
            raise MailError("not_composable", "an attachment does not read back as it was written")
    if len(contents) != len(letter.attachments) + 1:
        raise MailError("not_composable", "a part is missing or one too many")


def _people(read: dict[str, list[bytes]], name: str) -> list[str]:
    return [person.email for person in addresses.parse(read.get(name, []))]


def _squeeze(value: str) -> str:
    return re.sub(r"\s+", " ", headers.clean(value))


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def reply_subject(subject: str) -> str:
    """« Re: » once, whatever the other programs put."""
    bare = re.sub(r"^(?:\s*(?:re|ré|rép|aw|sv)\s*(?:\[\d+\])?\s*:\s*)+", "", subject, flags=re.IGNORECASE)
    return f"Re: {bare}".strip()


def forward_subject(subject: str) -> str:
    """« Tr: » once."""
    bare = re.sub(r"^(?:\s*(?:tr|fw|fwd|wg)\s*:\s*)+", "", subject, flags=re.IGNORECASE)
    return f"Tr: {bare}".strip()


def quote(text: str) -> str:
    """Each line behind `> `."""
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}" for line in _lines(text).split("\n"))
