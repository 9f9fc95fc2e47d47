"""What a list will most likely need, asked for beside the tree: one round trip when nothing, or little, has changed.

A guess supposes that a folder is as it was at the last look. The tree that comes back tells whether it was right; a
wrong one costs what was not needed, and the list is then read step by step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailkit.imap import arguments, reading, words
from mailkit.imap.criteria import flag_pieces
from mailkit.imap.memory import INDEXES
from mailkit.imap.parser import integer
from mailkit.imap.session import Session
from mailkit.imap.tree import ALONE, Beside
from mailkit.imap.types import Envelope, MessagePage, MessageRef, Stamp

if TYPE_CHECKING:
    from mailkit.imap.listing import Listing

_FLAGS = "(UID FLAGS)"
Numbers = list[tuple[int, int]]


@dataclass(frozen=True)
class Guess:
    """What is asked; `page` makes a page of the answer, if the folder turns out to be as supposed."""

    beside: Beside = ALONE

    def page(self, session: Session, asked: Listing, stamp: Stamp) -> MessagePage | None:
        """The page, the folder being in this state; None when it must be asked for."""
        return None


@dataclass(frozen=True)
class _Again(Guess):
    """A page that was shown before: what changed in it since, and what came after it."""

    known: MessagePage = None  # type: ignore[assignment]
    stamp: Stamp = None  # type: ignore[assignment]

    def page(self, session: Session, asked: Listing, stamp: Stamp) -> MessagePage | None:
        if stamp.uidvalidity != self.stamp.uidvalidity or not stamp.modseq:
            return None
        lines = {each.ref.uid: each for each in self.known.envelopes}
        arrived: list[Envelope] = []
        for items in session.told:
            uid = integer(items.get(b"UID"))
            fresh = reading.envelope(items, asked.folder, stamp.uidvalidity)
            if uid in lines:
                lines[uid] = fresh or reading.reflagged(lines[uid], items)
                session.memory.keep_envelope(lines[uid])
            elif fresh is not None and uid >= self.stamp.uidnext:
                arrived.append(fresh)
        # As many more as came: none went.
        if stamp.total != self.stamp.total + len(arrived):
            return None
        if not arrived:
            return self._with(tuple(lines.values())) if self.stamp.has_same_messages(stamp) else None
        if not (asked.is_plain and asked.number == 1):
            return None
        for each in arrived:
            session.memory.keep_envelope(each)
        arrived.sort(key=lambda each: -each.ref.uid)
        shown = (*arrived, *lines.values())[: asked.size]
        return replace(self._with(shown), total=stamp.total, everything=stamp.total)

    def _with(self, lines: tuple[Envelope, ...]) -> MessagePage:
        """The same page, the object itself when its lines did not change: what was written of it serves again."""
        return self.known if lines == self.known.envelopes else replace(self.known, envelopes=lines)


@dataclass(frozen=True)
class _Window(Guess):
    """A page by its position, the folder holding as many messages as at the last look."""

    stamp: Stamp = None  # type: ignore[assignment]

    def page(self, session: Session, asked: Listing, stamp: Stamp) -> MessagePage | None:
        here = session.wire.selected
        if here != (asked.folder, stamp.uidvalidity) or stamp.total != self.stamp.total:
            return None
        lines = session.completed(asked.folder, stamp.uidvalidity, session.told)
        most = min(asked.size, stamp.total - (asked.number - 1) * asked.size)
        if len(lines) != most:
            return None
        return MessagePage(
            asked.folder, stamp.uidvalidity, tuple(lines), stamp.total, asked.number, asked.size, stamp.total
        )


@dataclass(frozen=True)
class _Chosen(Guess):
    """Lines of a list whose messages are known, the folder holding the same ones; `flags` says the same flags too."""

    stamp: Stamp = None  # type: ignore[assignment]
    numbers: Numbers = None  # type: ignore[assignment]
    flags: bool = True

    def page(self, session: Session, asked: Listing, stamp: Stamp) -> MessagePage | None:
        right = self.stamp == stamp if self.flags else self.stamp.has_same_messages(stamp)
        if not right or session.wire.selected != (asked.folder, stamp.uidvalidity):
            return None
        session.memory.keep_numbers(asked.whole, stamp, self.numbers)
        number, chosen = portion(self.numbers, asked)
        found = {each.ref.uid: each for each in session.completed(asked.folder, stamp.uidvalidity, session.told)}
        return assembled(asked, stamp, self.numbers, number, [found[uid] for uid, _count in chosen if uid in found])


def guess(session: Session, asked: Listing) -> Guess:
    """What to ask beside the tree for this list; nothing when too little is known."""
    stamp = session.memory.stamps.get(asked.folder)
    here = session.wire.selected
    selected = here is not None and stamp is not None and here == (asked.folder, stamp.uidvalidity)
    kept = session.memory.pages.get(asked)
    if kept is not None and kept[0].modseq:
        if not (selected and kept[1].envelopes) or _looks_at_flags(asked):
            return Guess()
        return _again(asked, *kept)
    if stamp is None or not stamp.total:
        return Guess()
    if asked.is_plain:
        return _window(asked, stamp, selected=selected, flags_only=kept is not None)
    return _chosen(session, asked, stamp) if selected else Guess()


def _looks_at_flags(asked: Listing) -> bool:
    return bool(flag_pieces(asked.criteria))


def _again(asked: Listing, stamp: Stamp, page: MessagePage) -> Guess:
    uids = [each.ref.uid for each in page.envelopes]
    since = f"(CHANGEDSINCE {stamp.modseq})"
    if asked.is_plain and asked.number == 1:
        command = ("UID", "FETCH", f"{arguments.uid(min(uids))}:*", reading.ENVELOPE_ITEMS, since)
    else:
        command = ("UID", "FETCH", arguments.uids(uids), _FLAGS, since)
    return _Again(Beside(then=(command,)), page, stamp)


def _window(asked: Listing, stamp: Stamp, *, selected: bool, flags_only: bool) -> Guess:
    high = stamp.total - (asked.number - 1) * asked.size
    if high < 1 or (asked.anchor and asked.number > 1):
        return Guess()
    low = max(1, high - asked.size + 1)
    command = ("FETCH", f"{low}:{high}", _FLAGS if flags_only else reading.ENVELOPE_ITEMS)
    return _Window(
        Beside(select="" if selected else asked.folder, then=(command,), most=high - low + 1 if selected else None),
        stamp,
    )


def _chosen(session: Session, asked: Listing, stamp: Stamp) -> Guess:
    kept = session.memory.lists.get(asked.whole)
    if kept is not None and kept[0] == stamp and stamp.modseq:
        found, flags = kept[1], _looks_at_flags(asked)
    else:
        matching = _matching(session, asked, stamp)
        if matching is None:
            return Guess()
        found, flags = matching, False
    _number, chosen = portion(found, asked)
    refs = [MessageRef(asked.folder, stamp.uidvalidity, uid) for uid, _count in chosen]
    if not refs:
        return _Chosen(ALONE, stamp, found, flags)
    items = _FLAGS if all(map(session.memory.envelope, refs)) else reading.ENVELOPE_ITEMS
    command = ("UID", "FETCH", arguments.uids([ref.uid for ref in refs]), items)
    return _Chosen(Beside(then=(command,), most=len(refs)), stamp, found, flags)


def _matching(session: Session, asked: Listing, stamp: Stamp) -> Numbers | None:
    """A search of words in the order of arrival, when the line of every message is known."""
    criteria = asked.criteria
    plain = asked.order == "arrival" and not asked.threaded and not criteria.body and not _looks_at_flags(asked)
    if not (plain and criteria.has_words) or stamp.total > words.LARGEST:
        return None
    lines = INDEXES.lines(session.memory, asked.folder)
    if lines is None or lines.stamp is None or not lines.stamp.has_same_messages(stamp):
        return None
    found = sorted(lines.matching(criteria), reverse=not asked.ascending)
    return [(uid, 1) for uid in found]


def portion(found: Numbers, asked: Listing) -> tuple[int, Numbers]:
    """The number of the page that is shown, and its part of a list."""
    number = asked.number
    start = (number - 1) * asked.size
    if asked.anchor and number > 1:
        place = next((at for at, (uid, _count) in enumerate(found) if uid == asked.anchor), None)
        start = place + 1 if place is not None else start
    if start >= len(found):
        number = max(1, -(-len(found) // asked.size))
        start = (number - 1) * asked.size
    return number, found[start : start + asked.size]


def assembled(asked: Listing, stamp: Stamp, found: Numbers, number: int, envelopes: list[Envelope]) -> MessagePage:
    """A page of a list, from the lines of its part."""
    counts = dict(portion(found, asked)[1]) if asked.threaded else {}
    return MessagePage(
        asked.folder,
        stamp.uidvalidity,
        tuple(envelopes),
        len(found),
        number,
        asked.size,
        stamp.total,
        tuple(counts[each.ref.uid] for each in envelopes) if asked.threaded else (),
    )
