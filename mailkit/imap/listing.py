"""A page of a folder in any order, filtered, grouped; in one round trip when nothing has changed since the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mailkit.errors import MailError
from mailkit.imap import arguments, index, words
from mailkit.imap.criteria import EVERYTHING, Criteria, Piece, body_pieces, flag_pieces, header_pieces
from mailkit.imap.guess import Guess, assembled, guess, portion
from mailkit.imap.memory import INDEXES
from mailkit.imap.parser import Value, fetched, integer, values
from mailkit.imap.session import Session
from mailkit.imap.types import Envelope, Folder, MessagePage, MessageRef, Stamp

Order = Literal["arrival", "date", "from", "to", "subject", "size"]
_SORT_KEYS = {"arrival": "ARRIVAL", "date": "DATE", "from": "FROM", "to": "TO", "subject": "SUBJECT", "size": "SIZE"}
MOST_ACTED_ON = 50_000


@dataclass(frozen=True)
class Listing:
    """What a list shows. `anchor` is the last message of the page before: what arrives meanwhile moves nothing."""

    folder: str
    order: Order = "arrival"
    ascending: bool = False
    threaded: bool = False
    criteria: Criteria = EVERYTHING
    number: int = 1
    anchor: int = 0
    size: int = 50

    @property
    def whole(self) -> Listing:
        """The same list without its pages."""
        return replace(self, number=1, anchor=0)

    @property
    def is_plain(self) -> bool:
        """Whether it is the folder itself, latest arrival first."""
        return self.order == "arrival" and not self.ascending and not self.threaded and self.criteria.is_empty


@dataclass(frozen=True)
class Overview:
    """The tree, and a page beside it."""

    folders: tuple[Folder, ...]
    page: MessagePage


def overview(
    session: Session, asked: Listing, *, folders: tuple[Folder, ...] | None = None, patient: bool = False
) -> Overview:
    """The folders with their counts and a page of one of them.

    Raises MailError("no_such_folder", "too_large", and "long_search" unless `patient`). `folders`: the tree, when it
    was asked for a moment ago.
    """
    supposed = guess(session, asked) if folders is None else Guess()
    folders = session.folders(beside=supposed.beside) if folders is None else folders
    folder = next((each for each in folders if each.name == asked.folder), None)
    if folder is None or not folder.selectable:
        raise MailError("no_such_folder", asked.folder)
    return Overview(folders, _page(session, asked, folder.stamp, supposed, patient=patient))


def glance(session: Session, folder: str, size: int) -> tuple[int, tuple[Envelope, ...]]:
    """How many messages of a folder are unread, and its latest ones; nothing is asked of the other folders."""
    asked = Listing(folder, size=size)
    supposed = guess(session, asked)
    state = session.state(folder, beside=supposed.beside)
    return state.unread or 0, _page(session, asked, state.stamp, supposed).envelopes


def _page(session: Session, asked: Listing, stamp: Stamp, supposed: Guess, *, patient: bool = False) -> MessagePage:
    """The page that is known, or that the guess brought, or that is asked for now."""
    here = session.wire.selected
    if here is not None and here[0] == asked.folder and here[1] != stamp.uidvalidity:
        # Another folder under the same name.
        session.wire.selected = None
    page = session.memory.page(asked, stamp) or supposed.page(session, asked, stamp)
    if page is None:
        page = _plain(session, asked, stamp) if asked.is_plain else _chosen(session, asked, stamp, patient=patient)
    session.memory.keep_page(asked, stamp, page)
    return page


def _plain(session: Session, asked: Listing, stamp: Stamp) -> MessagePage:
    """By position from the end: no search, whatever the size of the folder."""
    high, number = stamp.total - (asked.number - 1) * asked.size, asked.number
    if asked.anchor and asked.number > 1:
        position = _position(session, asked.folder, asked.anchor)
        high = position - 1 if position else high
    if high < 1 and stamp.total:
        number = -(-stamp.total // asked.size)
        high = stamp.total - (number - 1) * asked.size
    validity, envelopes = stamp.uidvalidity, list[Envelope]()
    if high > 0:
        state, envelopes = session.window(asked.folder, max(1, high - asked.size + 1), high)
        if number == 1 and state is not None and state.exists > high:
            # Something arrived between the count and the reading.
            _same, envelopes = session.window(asked.folder, max(1, state.exists - asked.size + 1), state.exists)
        validity = state.uidvalidity if state is not None else validity
    return MessagePage(
        asked.folder, validity, tuple(envelopes[: asked.size]), stamp.total, number, asked.size, stamp.total
    )


def _position(session: Session, folder: str, uid: int) -> int:
    session.at(folder)
    for items in fetched(session.wire.fetch(arguments.uid(uid), "(UID)")):
        if integer(items.get(b"UID")) == uid:
            return integer(items[b"SEQ"])
    return 0


def _chosen(session: Session, asked: Listing, stamp: Stamp, *, patient: bool) -> MessagePage:
    """From the whole list of numbers in the order asked."""
    found = numbered(session, asked, stamp, patient=patient)
    number, chosen = portion(found, asked)
    session.at(asked.folder)
    envelopes = session.envelopes(asked.folder, [uid for uid, _count in chosen])
    return assembled(asked, stamp, found, number, envelopes)


def numbered(session: Session, asked: Listing, stamp: Stamp, *, patient: bool = False) -> list[tuple[int, int]]:
    """Every message of a list, in its order, with the number of messages of its conversation; `patient`: see below."""
    key = asked.whole
    known = session.memory.numbers(key, stamp)
    if known is not None:
        return known
    chosen = (
        None
        if asked.criteria.is_empty
        else set(matching(session, asked.folder, stamp, asked.criteria, patient=patient))
    )
    if asked.threaded:
        found = _conversations(session, asked, stamp, chosen)
    else:
        by_arrival = asked.order == "arrival" and chosen is not None
        ordered = sorted(chosen or ()) if by_arrival else _ordered(session, asked, stamp)
        found = [(uid, 1) for uid in (ordered if asked.ascending else reversed(ordered)) if _in(uid, chosen)]
    session.memory.keep_numbers(key, stamp, found)
    return found


def _in(uid: int, chosen: set[int] | None) -> bool:
    return chosen is None or uid in chosen


def _ordered(session: Session, asked: Listing, stamp: Stamp) -> list[int]:
    """Every message of the folder by a column, the smallest first."""
    if asked.order == "arrival":
        session.at(asked.folder)
        return sorted(session.search(["ALL"]))
    if session.wire.has("SORT"):
        session.at(asked.folder)
        answer = session.wire.search([f"({_SORT_KEYS[asked.order]})", "UTF-8", "ALL"], command="UID SORT")
        return index.numbers(answer)
    return index.refresh(session, asked.folder, stamp).ordered(asked.order)


def matching(session: Session, folder: str, stamp: Stamp, criteria: Criteria, *, patient: bool = False) -> list[int]:
    """The messages of a folder that match. Words are compared without accents; in a huge folder, by the server.

    Raises MailError("long_search") when too many headers are still to be read, unless `patient`.
    """
    session.at(folder)
    pieces: list[Piece] = flag_pieces(criteria)
    found: set[int] | None = None
    if criteria.has_words and stamp.total > words.LARGEST:
        pieces += header_pieces(criteria)
    elif criteria.has_words:
        absent = words.absent(session, folder, stamp)
        if len(absent) > words.MOST_AT_ONCE and not patient:
            raise MailError("long_search", folder)
        lines = words.gather(session, folder, stamp, absent)
        lines.stamp = stamp
        found = set(lines.matching(criteria))
    if found is None or (found and pieces):
        listed = set(session.search(pieces or ["ALL"]))
        found = listed if found is None else found & listed
    if criteria.body and found:
        found = in_bodies(session, sorted(found), criteria)
    return sorted(found)


def in_bodies(session: Session, uids: list[int], criteria: Criteria) -> set[int]:
    """Those of some messages whose text matches: the server reads each of them. The folder must be selected."""
    found: set[int] = set()
    for start in range(0, len(uids), 1000):
        found.update(session.search(["UID", arguments.uids(uids[start : start + 1000]), *body_pieces(criteria)]))
    return found


def _conversations(session: Session, asked: Listing, stamp: Stamp, chosen: set[int] | None) -> list[tuple[int, int]]:
    """One line a conversation: its latest message that matches, and how many it has."""
    if session.wire.has("THREAD=REFERENCES"):
        session.at(asked.folder)
        groups = _groups(values(session.wire.search(["REFERENCES", "UTF-8", "ALL"], command="UID THREAD")))
    else:
        groups = index.refresh(session, asked.folder, stamp).conversations()
    latest = []
    for group in groups:
        shown = [uid for uid in group if _in(uid, chosen)]
        if shown:
            latest.append((max(shown), len(group)))
    return sorted(latest, reverse=not asked.ascending)


def _groups(answer: list[Value]) -> list[list[int]]:
    groups = []
    for tree in answer:
        group: list[int] = []
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(node)
            elif number := integer(node):
                group.append(number)
        if group:
            groups.append(sorted(group))
    return groups


def every(session: Session, asked: Listing) -> list[MessageRef]:
    """All the messages of a list, for what is done to them together. Raises MailError("too_large") past 50,000."""
    folder = next((each for each in session.folders() if each.name == asked.folder), None)
    if folder is None:
        raise MailError("no_such_folder", asked.folder)
    found = numbered(session, replace(asked, threaded=False), folder.stamp, patient=True)
    if len(found) > MOST_ACTED_ON:
        raise MailError("too_large", "too many messages at once")
    return [MessageRef(asked.folder, folder.stamp.uidvalidity, uid) for uid, _count in found]


def conversation(session: Session, ref: MessageRef, message_id: str, references: Sequence[str]) -> list[Envelope]:
    """The messages that answer one another, one's own answers in « Envoyés » and drafts included, the oldest first.

    Looked for by Message-ID and References in the folder, the inbox, « Envoyés » and the drafts, those of a shared
    mailbox too when the message lies there: headers that servers keep in their index.
    """
    wanted = list(dict.fromkeys([*references[:1], *references[-6:], message_id]))
    wanted = [identifier for identifier in wanted if _is_plain(identifier)]
    folders = [each for each in session.folders() if each.selectable]
    owners = {(each.space, each.owner) for each in folders if each.name == ref.folder}
    places = [each for each in folders if each.name == ref.folder or each.role in ("inbox", "sent", "drafts")]
    places += [
        each
        for each in folders
        if each.purpose in ("inbox", "sent") and (each.space, each.owner) in owners and each not in places
    ]
    lines: dict[str, list[Envelope]] = {}
    # The folder that one reads in comes last: it is the one that stays open, and the next click is in it.
    for place in sorted(places, key=lambda each: each.name == ref.folder) if wanted else []:
        lines[place.name] = session.envelopes(place.name, _related(session, place, wanted)[-200:])
    found: dict[str, Envelope] = {}
    for place in places if wanted else []:
        for envelope in lines[place.name]:
            found.setdefault(envelope.message_id or f"{place.name} {envelope.ref.uid}", envelope)
    return sorted(found.values(), key=_moment)


def _is_plain(identifier: str) -> bool:
    try:
        arguments.message_id(identifier)
    except MailError:
        return False
    return True


def _related(session: Session, place: Folder, wanted: list[str]) -> list[int]:
    """What bears one of these identifiers, or answers one of them."""
    known = INDEXES.rows(session.memory, place.name)
    if known is not None and known.stamp == place.stamp and place.modseq:
        session.at(place.name)
        names = set(wanted)
        return [row.uid for row in known.rows.values() if row.message_id in names or names & set(row.references)]
    keys = [
        ["HEADER", field, arguments.message_id(identifier)]
        for identifier in wanted
        for field in ("Message-ID", "References", "In-Reply-To")
    ]
    return session.search_in(place.name, ["OR"] * (len(keys) - 1) + [piece for key in keys for piece in key])


def _moment(found: Envelope) -> tuple[float, float]:
    """When a message came, and, for those of one second, when it says it left."""
    received, sent = found.received_at, found.sent_at
    return (received.timestamp() if received else 0.0, sent.timestamp() if sent else 0.0)
