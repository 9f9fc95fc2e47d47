"""What the headers of a folder say, one folded line a message, in memory: words are found in it whatever their accents.

Only what is new is asked of the server. A line is made without reading addresses and dates: a third of the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from mailkit.imap import arguments
from mailkit.imap.criteria import Criteria
from mailkit.imap.memory import INDEXES, Memory
from mailkit.imap.parser import fetched, integer
from mailkit.imap.roles import fold
from mailkit.imap.types import Stamp
from mailkit.mime import headers

if TYPE_CHECKING:
    from mailkit.imap.session import Session

#: More messages than that without a line are not read during one visit: the search goes step by step.
MOST_AT_ONCE = 12_000
#: A folder with more messages is searched by the server alone.
LARGEST = 250_000
STEP = 2_000
ITEMS = "(UID BODY.PEEK[HEADER.FIELDS (FROM TO CC SUBJECT CONTENT-TYPE)])"
_HEADER = b"BODY[HEADER.FIELDS]"
# Between the parts of a line; `headers.text` leaves no such character in what was received.
_CUT, _MIXED = "\x1f", "\x1e"
_MOST_PEOPLE = 4_000
# People come back from one message to the next: what is short is folded once.
_SHORT = 200
_LIKE = str.maketrans({"’": "'", "œ": "oe", "æ": "ae", "<": None, ">": None, '"': None, _CUT: None, _MIXED: None})


class Lines:
    """The lines of a folder by UID."""

    #: Beside the rows of `index`, in the budget of the process.
    weight = 0.4

    def __init__(self, owner: Memory, uidvalidity: int) -> None:
        self.owner = owner
        self.uidvalidity = uidvalidity
        self.stamp: Stamp | None = None
        # Every message of the folder, while some have no line yet.
        self.here: tuple[Stamp, list[int]] | None = None
        self.by_uid: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.by_uid)

    def matching(self, asked: Criteria, uids: Iterable[int] | None = None) -> list[int]:
        """The messages whose headers hold every word, however accented; among some of them, in the same order."""
        fields = [
            [folded(word) for word in words] for words in (asked.subject, asked.sender, asked.recipients, asked.words)
        ]
        everywhere = [word for words in fields for word in words] + ([_MIXED] if asked.attachment else [])
        known = self.by_uid
        lines = known.items() if uids is None else [(uid, known[uid]) for uid in uids if uid in known]
        first, *others = everywhere or [""]
        # One word leaves few lines to be looked at more closely.
        found = [(uid, line) for uid, line in lines if first in line]
        if others:
            found = [(uid, line) for uid, line in found if all(word in line for word in others)]
        if any(fields):
            found = [(uid, line) for uid, line in found if _holds(line, *fields)]
        return [uid for uid, _line in found]


def _holds(line: str, subjects: list[str], senders: list[str], people: list[str], words: list[str]) -> bool:
    subject, sender, recipients, _mixed = line.split(_CUT)
    return (
        all(word in subject for word in subjects)
        and all(word in sender for word in senders)
        and all(word in recipients for word in people)
        and all(word in subject or word in sender or word in recipients for word in words)
    )


def folded(text: str) -> str:
    """Words as they are compared: without accents, capitals, ligatures, curly apostrophes, marks of addresses."""
    return fold(text).translate(_LIKE)


def line_of(block: bytes) -> str:
    """The line of a message, from its headers as they travelled."""
    fields = headers.parse_header_block(block)
    sender, to, copies = (_person(headers.first(fields, name)) for name in ("from", "to", "cc"))
    subject = folded(headers.text(headers.first(fields, "subject")))[:_MOST_PEOPLE]
    people = f"{to} {copies}"[:_MOST_PEOPLE] if copies else to
    mixed = headers.first(fields, "content-type").lower().startswith(b"multipart/mixed")
    return _CUT.join((subject, sender, people, _MIXED if mixed else ""))


def _person(raw: bytes) -> str:
    return _short_person(raw) if len(raw) < _SHORT else folded(headers.text(raw))[:_MOST_PEOPLE]


@lru_cache(maxsize=8_192)
def _short_person(raw: bytes) -> str:
    return folded(headers.text(raw))


def of(session: Session, folder: str, stamp: Stamp) -> Lines:
    """The lines of a folder that this process has; they may be fewer than its messages."""
    known = INDEXES.lines(session.memory, folder)
    if known is None or known.uidvalidity != stamp.uidvalidity:
        known = Lines(session.memory, stamp.uidvalidity)
        INDEXES.keep(folder, known)
    return known


def absent(session: Session, folder: str, stamp: Stamp) -> list[int]:
    """The messages that have no line yet; the lines of those that are gone are dropped. The folder must be selected."""
    lines = of(session, folder, stamp)
    if lines.stamp is not None and lines.stamp.has_same_messages(stamp):
        return []
    here = everyone(session, folder, stamp)
    missing = [uid for uid in here if uid not in lines.by_uid]
    if len(lines) + len(missing) != len(here):
        staying = set(here)
        lines.by_uid = {uid: line for uid, line in lines.by_uid.items() if uid in staying}
    lines.stamp = None if missing else stamp
    lines.here = lines.here if missing else None
    return missing


def everyone(session: Session, folder: str, stamp: Stamp) -> list[int]:
    """Every message of a folder, the first to arrive first; asked again when some came or went."""
    lines = of(session, folder, stamp)
    if lines.here is None or not lines.here[0].has_same_messages(stamp):
        lines.here = (stamp, session.search(["ALL"]) if stamp.total else [])
    return lines.here[1]


def gather(session: Session, folder: str, stamp: Stamp, uids: list[int]) -> Lines:
    """The lines, those of some messages read from the server if need be. The folder must be selected."""
    lines = of(session, folder, stamp)
    missing = [uid for uid in uids if uid not in lines.by_uid]
    for position in range(0, len(missing), STEP):
        answer = session.wire.fetch(arguments.uids(missing[position : position + STEP]), ITEMS)
        for items in fetched(answer):
            uid, block = integer(items.get(b"UID")), items.get(_HEADER)
            if uid and isinstance(block, bytes):
                lines.by_uid[uid] = line_of(block)
    if missing:
        # Counted again with what it now weighs.
        INDEXES.keep(folder, lines)
    return lines
