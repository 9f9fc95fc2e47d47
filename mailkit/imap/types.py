"""What the rest of the program knows of a mailbox: frozen facts, no connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mailkit.mime.addresses import Address

Role = Literal["inbox", "drafts", "sent", "archive", "junk", "trash", ""]


@dataclass(frozen=True)
class Folder:
    """A folder of the mailbox. `unread` and `total` are None when the server was not asked or did not say."""

    name: str
    delimiter: str
    role: Role
    selectable: bool = True
    unread: int | None = None
    total: int | None = None

    @property
    def leaf(self) -> str:
        """The last word of the name, as a tree shows it."""
        return self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.name.count(self.delimiter) if self.delimiter else 0


@dataclass(frozen=True)
class MessageRef:
    """One message for ever: a UID means nothing without the UIDVALIDITY of its folder (RFC 9051 § 2.3.1.1)."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True)
class Envelope:
    """A line of the message list."""

    ref: MessageRef
    subject: str
    sender: Address | None
    recipients: tuple[Address, ...]
    received_at: datetime | None
    size: int
    seen: bool
    answered: bool
    forwarded: bool
    flagged: bool
    draft: bool
    has_attachments: bool


@dataclass(frozen=True)
class MessagePage:
    """A page of a folder, newest first. `number` counts from 1."""

    folder: str
    uidvalidity: int
    envelopes: tuple[Envelope, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages the folder has; an empty one has one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class Part:
    """A leaf of a message's structure. `size` is the number of encoded bytes on the server."""

    section: str
    content_type: str
    encoding: str
    size: int
    charset: str = ""
    name: str = ""
    content_id: str = ""
    disposition: str = ""


@dataclass(frozen=True)
class MessageView:
    """A message as it is read. `text` and `html` are decoded, `html` is NOT yet cleaned.

    `html` is None when there is none, or when it was not asked for: `has_html` tells.
    """

    ref: MessageRef
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sent_at: datetime | None
    received_at: datetime | None
    size: int
    seen: bool
    text: str | None
    html: str | None
    has_html: bool
    truncated: bool
    attachments: tuple[Part, ...]
    inline: dict[str, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class FolderState:
    """What SELECT says of a folder."""

    name: str
    exists: int
    uidvalidity: int
    uidnext: int
