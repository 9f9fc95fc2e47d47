"""The headers of a folder in memory, folded: for sorting and grouping where the server cannot. Only what changed is
asked of the server again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from mailkit.errors import MailError
from mailkit.imap import arguments, reading
from mailkit.imap.memory import INDEXES, Memory
from mailkit.imap.parser import fetched, integer, values
from mailkit.imap.roles import fold
from mailkit.imap.types import Envelope, Stamp

if TYPE_CHECKING:
    from mailkit.imap.session import Session

#: A folder with more messages is sorted by the server or not at all.
LARGEST = 20_000
STEP = 2_000


class Row(NamedTuple):
    """A message, reduced to what is compared."""

    uid: int
    received: float
    sent: float
    size: int
    sender: str
    people: str
    subject: str
    message_id: str
    references: tuple[str, ...]


@dataclass
class FolderIndex:
    """Rows by UID, in the order of arrival."""

    owner: Memory
    stamp: Stamp
    rows: dict[int, Row] = field(default_factory=dict)
    weight = 1.0

    def __len__(self) -> int:
        return len(self.rows)

    def ordered(self, order: str) -> list[int]:
        """Every message by a column, the smallest first."""
        keys = {
            "date": lambda row: (row.sent, row.uid),
            "from": lambda row: (row.sender, row.uid),
            "to": lambda row: (row.people, row.uid),
            "subject": lambda row: (_base(row.subject), row.uid),
            "size": lambda row: (row.size, row.uid),
        }
        return [row.uid for row in sorted(self.rows.values(), key=keys[order])]

    def conversations(self) -> list[list[int]]:
        """Groups of messages that answer one another, by References, each in the order of arrival."""
        parents: dict[str, str] = {}

        def root(identifier: str) -> str:
            path = []
            while parents.setdefault(identifier, identifier) != identifier:
                path.append(identifier)
                identifier = parents[identifier]
            for step in path:
                parents[step] = identifier
            return identifier

        for row in self.rows.values():
            own = row.message_id or f"uid {row.uid}"
            for other in row.references:
                first, second = root(own), root(other)
                if first != second:
                    parents[first] = second
        groups: dict[str, list[int]] = {}
        for row in self.rows.values():
            groups.setdefault(root(row.message_id or f"uid {row.uid}"), []).append(row.uid)
        return list(groups.values())


def _base(subject: str) -> str:
    """A folded subject without « Re: », « Tr: » and their like."""
    while True:
        start, colon, rest = subject.partition(":")
        if not colon or start.strip() not in ("re", "tr", "fwd", "fw", "ref"):
            return subject.strip()
        subject = rest.strip()


def refresh(session: Session, folder: str, stamp: Stamp) -> FolderIndex:
    """The index of a folder as it is now. Raises MailError("too_large") past 20,000 messages."""
    if stamp.total > LARGEST:
        raise MailError("too_large", "too many messages to index")
    memory = session.memory
    known = INDEXES.rows(memory, folder)
    if known is not None and known.stamp.uidvalidity == stamp.uidvalidity:
        if known.stamp.has_same_messages(stamp):
            known.stamp = stamp
            return known
        start = known.stamp.uidnext
    else:
        known, start = FolderIndex(memory, stamp), 1
    session.at(folder)
    if stamp.total:
        _add(session, known, folder, stamp, start)
    if len(known) != stamp.total:
        here = set(session.search(["ALL"]))
        known.rows = {uid: row for uid, row in known.rows.items() if uid in here}
    known.stamp = stamp
    INDEXES.keep(folder, known)
    return known


def _add(session: Session, index: FolderIndex, folder: str, stamp: Stamp, start: int) -> None:
    new = [uid for uid in session.search(["UID", f"{max(1, start)}:*"]) if uid not in index.rows]
    for position in range(0, len(new), STEP):
        answer = session.wire.fetch(arguments.uids(new[position : position + STEP]), reading.ENVELOPE_ITEMS)
        for items in fetched(answer):
            found = reading.envelope(items, folder, stamp.uidvalidity)
            if found is not None:
                index.rows[found.ref.uid] = row_of(found)
    index.rows = dict(sorted(index.rows.items()))


def row_of(found: Envelope) -> Row:
    """An envelope, folded."""
    people = " ".join(f"{person.name} {person.email}" for person in found.recipients[:50])
    return Row(
        uid=found.ref.uid,
        received=_seconds(found.received_at),
        sent=_seconds(found.sent_at or found.received_at),
        size=found.size,
        sender=fold(f"{found.sender.name} {found.sender.email}") if found.sender else "",
        people=fold(people),
        subject=fold(found.subject),
        message_id=found.message_id,
        references=found.references,
    )


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def numbers(answer: Iterable[object]) -> list[int]:
    """The numbers of a SEARCH or SORT answer."""
    return [found for value in values(list(answer)) if (found := integer(value))]  # type: ignore[arg-type]
