"""What the rest of the program knows of a mailbox: frozen facts, no connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mailkit.mime.addresses import Address

Role = Literal["inbox", "drafts", "sent", "archive", "junk", "trash", ""]
# One's own folders, those of another mailbox, those of nobody in particular.
Space = Literal["own", "other", "shared"]


@dataclass(frozen=True)
class Stamp:
    """The state of a folder: two equal ones with a `modseq` (RFC 7162) mean that nothing changed, flags included."""

    uidvalidity: int
    uidnext: int
    total: int
    modseq: int

    def has_same_messages(self, later: Stamp) -> bool:
        """Whether no message came or went between the two; flags may have changed."""
        same = (self.uidvalidity, self.uidnext, self.total) == (later.uidvalidity, later.uidnext, later.total)
        return same and bool(later.uidnext)


@dataclass(frozen=True)
class Namespace:
    """Where the names of a kind of folders begin."""

    kind: Space
    prefix: str
    delimiter: str


@dataclass(frozen=True)
class Quota:
    """What a mailbox may hold and holds, in bytes or in messages."""

    used: int
    limit: int
    of_messages: bool = False

    @property
    def percent(self) -> int:
        """How full it is; a mailbox may be fuller than its limit."""
        return self.used * 100 // self.limit


@dataclass(frozen=True)
class Folder:
    """A folder that the mailbox shows. `unread` and `total` are None when the server was not asked or did not say.

    Outside one's own space, `owner` is the mailbox it belongs to, `purpose` what its name says it is for, `rights` the
    letters of RFC 4314, None when the server tells none: then it decides at each command.
    """

    name: str
    delimiter: str
    role: Role
    selectable: bool = True
    unread: int | None = None
    total: int | None = None
    uidvalidity: int = 0
    uidnext: int = 0
    modseq: int = 0
    subscribed: bool = True
    space: Space = "own"
    owner: str = ""
    purpose: Role = ""
    rights: str | None = None

    def may(self, letters: str) -> bool:
        """Whether all of these rights are held, as far as the server tells."""
        return self.rights is None or all(letter in self.rights for letter in letters)

    @property
    def may_remove(self) -> bool:
        """Whether messages can be taken away; servers of before RFC 4314 say so by `d`."""
        told = self.rights
        return told is None or {"t", "e"} <= set(told) or ("d" in told and not {"t", "e"} & set(told))

    @property
    def stamp(self) -> Stamp:
        """What changes whenever something in the folder does; its `modseq` is 0 when the server cannot tell."""
        return Stamp(self.uidvalidity, self.uidnext, self.total or 0, self.modseq)

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
    keywords: tuple[str, ...] = ()
    sent_at: datetime | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessagePage:
    """A page of a folder, newest first unless another order was asked for. `number` counts from 1.

    `total` counts what matches; `everything` what the folder holds. `threads` is the number of messages of the
    conversation of each line, when the list is grouped.
    """

    folder: str
    uidvalidity: int
    envelopes: tuple[Envelope, ...]
    total: int
    number: int
    size: int
    everything: int = 0
    threads: tuple[int, ...] = ()

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
    flagged: bool = False
    keywords: tuple[str, ...] = ()
    answered: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    invitation: Part | None = None


@dataclass(frozen=True)
class FolderState:
    """What SELECT says of a folder."""

    name: str
    exists: int
    uidvalidity: int
    uidnext: int
