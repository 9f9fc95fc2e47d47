"""Writing a message, and reading it back before it leaves.

`EmailMessage` has folding faults that change a header's meaning (python/cpython #121284, #99927), so what it wrote is
parsed again with our own tolerant reader and compared with what was meant.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, Message
from email.utils import format_datetime
from typing import Literal

from mailkit.errors import MailError
from mailkit.mime import addresses, bodies, headers
from mailkit.mime.addresses import Address

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)
MAX_REFERENCES = 30


Importance = Literal["", "high", "low"]
_CONTENT_ID = re.compile(r"[A-Za-z0-9._@$+=%-]{1,190}", re.ASCII)
MESSAGE = "message/rfc822"


@dataclass(frozen=True)
class Attachment:
    """A file to send. With a `content_id` it is a picture of the text; a whole message travels untouched."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


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
    bcc: tuple[Address, ...] = ()
    html: str = ""  # already cleaned; the text is always sent beside it
    reply_to: tuple[Address, ...] = ()
    importance: Importance = ""
    receipt: bool = False
    # Who wrote it, when `sender` is a mailbox that several people write for (RFC 5322 § 3.6.2).
    written_by: Address | None = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address to hand to the server, once each."""
        return tuple(dict.fromkeys(person.email for person in (*self.to, *self.cc, *self.bcc)))

    @property
    def pictures(self) -> tuple[Attachment, ...]:
        """The pictures that the text shows."""
        return tuple(file for file in self.attachments if file.content_id and self.html)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What is attached beside the text."""
        return tuple(file for file in self.attachments if not (file.content_id and self.html))


def is_content_id(name: str) -> bool:
    """Whether a picture of the text may bear this name."""
    return _CONTENT_ID.fullmatch(name) is not None


def new_message_id(domain: str) -> str:
    """A fresh Message-ID on our own domain. Raises ValueError when that is no domain."""
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"not a domain: {domain!r}")
    return f"<{secrets.token_hex(16)}@{domain}>"


def compose(letter: Letter, *, with_bcc: bool = False, draft: bool = False) -> bytes:
    """The message as bytes with CRLF line ends; hidden copies are named only in the sender's own (`with_bcc`).

    A draft may be for nobody yet.

    Raises MailError("bad_argument") for a line break in a header or an address that is none, and
    MailError("not_composable") when it does not read back as it was meant.
    """
    _check(letter, draft=draft)
    held: dict[bytes, bytes] = {}
    try:
        message = _headed(letter, with_bcc=with_bcc)
        message.set_content(letter.text, cte="quoted-printable")
        if letter.html:
            _add_html(message, letter)
        for file in letter.files:
            _attach(message, file, held)
        raw = message.as_bytes()
    except (ValueError, TypeError, IndexError, KeyError, MessageError, UnicodeError) as error:
        raise MailError("not_composable", f"{type(error).__name__}: {error}") from error
    for place, original in held.items():
        raw = raw.replace(place, original, 1)
    _compare(raw, letter)
    return raw


def _headed(letter: Letter, *, with_bcc: bool) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _header_address(letter.sender)
    if letter.written_by is not None:
        message["Sender"] = _header_address(letter.written_by)
    for name, people in (("To", letter.to), ("Cc", letter.cc), ("Bcc", letter.bcc if with_bcc else ())):
        if people:
            message[name] = [_header_address(person) for person in people]
    if letter.reply_to:
        message["Reply-To"] = [_header_address(person) for person in letter.reply_to]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        message["References"] = " ".join(letter.references[-MAX_REFERENCES:])
    if letter.importance:
        message["Importance"] = letter.importance
        message["X-Priority"] = "1" if letter.importance == "high" else "5"
    if letter.receipt:
        message["Disposition-Notification-To"] = letter.sender.email
    return message


def _add_html(message: EmailMessage, letter: Letter) -> None:
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    for picture in letter.pictures:
        main, _, sub = bodies.content_type(picture.content_type).partition("/")
        page.add_related(
            picture.content,
            maintype=main,
            subtype=sub,
            cid=f"<{picture.content_id}>",
            filename=bodies.file_name(picture.name),
            disposition="inline",
        )


def _attach(message: EmailMessage, file: Attachment, held: dict[bytes, bytes]) -> None:
    """Adds a file. A whole message is put in its place afterwards, byte for byte: it may be signed."""
    kind = bodies.content_type(file.content_type)
    main, _, sub = kind.partition("/")
    if kind != MESSAGE:
        if main in ("message", "multipart"):
            main, sub = "application", "octet-stream"
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=bodies.file_name(file.name))
        return
    original = _crlf(file.content)
    place = f"nomade-{secrets.token_hex(16)}"
    part = EmailMessage(policy=policy.SMTP)
    part["Content-Type"] = MESSAGE
    part["Content-Transfer-Encoding"] = "7bit" if original.isascii() else "8bit"
    part.add_header("Content-Disposition", "attachment", filename=bodies.file_name(file.name, kind=MESSAGE))
    part.set_payload(place)
    if message.get_content_type() != "multipart/mixed":
        message.make_mixed()
    message.attach(part)
    held[place.encode()] = original


def _crlf(raw: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)


@dataclass(frozen=True)
class Redirection:
    """A message passed on as it is (RFC 5322 § 3.6.6): its author stays its author."""

    message_id: str
    sender: Address
    to: tuple[Address, ...]
    sent_at: datetime
    original: bytes = field(repr=False)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address to hand to the server, once each."""
        return tuple(dict.fromkeys(person.email for person in self.to))


def redirect(sent: Redirection) -> bytes:
    """The original behind a block of `Resent-*` headers. Raises MailError as `compose` does."""
    letter = Letter(sent.message_id, sent.sender, sent.to, "", "", sent.sent_at)
    _check(letter)
    head = EmailMessage(policy=policy.SMTP)
    try:
        head["Resent-From"] = _header_address(sent.sender)
        head["Resent-To"] = [_header_address(person) for person in sent.to]
        head["Resent-Date"] = format_datetime(sent.sent_at)
        head["Resent-Message-ID"] = sent.message_id
        block = head.as_bytes().rstrip(b"\r\n") + b"\r\n"
    except (ValueError, TypeError, IndexError, KeyError, MessageError, UnicodeError) as error:
        raise MailError("not_composable", f"{type(error).__name__}: {error}") from error
    read = headers.parse_header_block(block)
    if _people(read, "resent-to") != [person.email for person in sent.to]:
        raise MailError("not_composable", "a header does not read back as it was written")
    original = _crlf(sent.original)
    # A mailbox file of old begins with « From »: no header, it would end ours.
    return block + (original.partition(b"\r\n")[2] if original.startswith(b"From ") else original)


def _check(letter: Letter, *, draft: bool = False) -> None:
    one_line = [letter.subject, letter.message_id, letter.in_reply_to, *letter.references]
    writer = (letter.written_by,) if letter.written_by is not None else ()
    for person in (letter.sender, *writer, *letter.to, *letter.cc, *letter.bcc, *letter.reply_to):
        one_line.append(person.name)
        if not addresses.is_valid(person.email):
            raise MailError("bad_argument", "not an address")
    if any(re.search(r"[\r\n\0]", value) for value in one_line):
        raise MailError("bad_argument", "line break or NUL in a header")
    identifiers = [letter.message_id, *letter.references, *([letter.in_reply_to] if letter.in_reply_to else [])]
    if not all(_MESSAGE_ID.fullmatch(value) for value in identifiers):
        raise MailError("bad_argument", "not a Message-ID")
    if not letter.recipients and not draft:
        raise MailError("bad_argument", "no recipient")
    if letter.importance not in ("", "high", "low"):
        raise MailError("bad_argument", "no such importance")
    if not all(_CONTENT_ID.fullmatch(picture.content_id) for picture in letter.pictures):
        raise MailError("bad_argument", "not a Content-ID")


def _header_address(person: Address) -> HeaderAddress:
    return HeaderAddress(display_name=person.name, addr_spec=person.email)


def _compare(raw: bytes, letter: Letter) -> None:
    block, _, _ = raw.partition(b"\r\n\r\n")
    read = headers.parse_header_block(block)
    alone = ("from", "to", "cc", "bcc", "reply-to", "subject", "message-id", "date", "disposition-notification-to")
    same = (
        all(len(read.get(name, [])) <= 1 for name in alone)
        and _squeeze(headers.text(headers.first(read, "subject"))) == _squeeze(letter.subject)
        and headers.first(read, "message-id").decode("ascii", errors="replace") == letter.message_id
        and _people(read, "from") == [letter.sender.email]
        and _people(read, "to") == [person.email for person in letter.to]
        and _people(read, "cc") == [person.email for person in letter.cc]
        and _people(read, "reply-to") == [person.email for person in letter.reply_to]
        and _people(read, "bcc") in ([], [person.email for person in letter.bcc])
    )
    if not same:
        raise MailError("not_composable", "a header does not read back as it was written")
    _compare_bodies(message_from_bytes(raw, policy=policy.compat32), letter)


def _compare_bodies(message: Message, letter: Letter) -> None:
    read = list(_leaves(message))
    expected: list[str | bytes] = [
        letter.text,
        *([letter.html] if letter.html else []),
        *(picture.content for picture in letter.pictures),
        *(file.content for file in letter.files),
    ]
    if len(read) != len(expected):
        raise MailError("not_composable", "a part is missing or one too many")
    for part, meant in zip(read, expected, strict=True):
        if part.get_content_type() == MESSAGE:
            inner = part.get_payload(0)
            same = isinstance(inner, Message) and isinstance(meant, bytes) and _first_lines(meant, inner)
        elif isinstance(meant, str):
            content = part.get_payload(decode=True)
            same = isinstance(content, bytes) and _words(bodies.text(content, "", "utf-8")) == _words(meant)
        else:
            same = part.get_payload(decode=True) == meant
        if not same:
            raise MailError("not_composable", "a part does not read back as it was written")


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a message that is attached is one, whatever is in it."""
    if message.get_content_type() == MESSAGE or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def _first_lines(meant: bytes, read: Message) -> bool:
    """Whether an attached message begins as the original did: its headers are the same, in the same order."""
    return message_from_bytes(_crlf(meant), policy=policy.compat32).items() == read.items()


def _words(value: str) -> str:
    return _lines(value).rstrip("\n")


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
