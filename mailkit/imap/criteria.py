"""What a person looks for, as IMAP search keys whose words can never be read as commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mailkit.imap import arguments
from mailkit.imap.roles import fold

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ACCENTED = {"a": "àâ", "e": "éèê", "i": "îï", "o": "ô", "u": "ùûü", "c": "ç"}
MOST_SPELLINGS = 24
MAX_TERM = 200


@dataclass(frozen=True)
class Criteria:
    """Every word must be found. `words` are looked for in the subject and among the people."""

    words: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    since: date | None = None
    before: date | None = None
    attachment: bool = False
    unread: bool = False
    seen: bool = False
    flagged: bool = False
    answered: bool = False
    keyword: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything matches."""
        return self == EVERYTHING

    @property
    def has_words(self) -> bool:
        """Whether headers must be looked into."""
        return bool(self.words or self.sender or self.recipients or self.subject or self.attachment)


EVERYTHING = Criteria()
Piece = str | bytes


def flag_pieces(asked: Criteria) -> list[Piece]:
    """The keys that any server answers from its index: flags, labels, dates."""
    pieces: list[Piece] = []
    for wanted, key in (
        (asked.unread, "UNSEEN"),
        (asked.seen, "SEEN"),
        (asked.flagged, "FLAGGED"),
        (asked.answered, "ANSWERED"),
    ):
        if wanted:
            pieces.append(key)
    if asked.keyword:
        pieces += ["KEYWORD", arguments.flags((asked.keyword,))[1:-1]]
    if asked.since:
        pieces += ["SINCE", imap_date(asked.since)]
    if asked.before:
        pieces += ["BEFORE", imap_date(asked.before)]
    return pieces


def header_pieces(asked: Criteria) -> list[Piece]:
    """The words of headers, each in its likely spellings."""
    pieces: list[Piece] = []
    for word in asked.words:
        pieces += _any_of(
            [[key, term] for term in spellings(word) for key in ("SUBJECT", "FROM", "TO", "CC")], most=4 * 6
        )
    for key, words in (("FROM", asked.sender), ("SUBJECT", asked.subject)):
        for word in words:
            pieces += _any_of([[key, term] for term in spellings(word)])
    for word in asked.recipients:
        pieces += _any_of([[key, term] for term in spellings(word) for key in ("TO", "CC")])
    if asked.attachment:
        pieces += ["HEADER", "Content-Type", '"multipart/mixed"']
    return pieces


def body_pieces(asked: Criteria) -> list[Piece]:
    """The words of the text."""
    pieces: list[Piece] = []
    for word in asked.body:
        pieces += _any_of([["BODY", term] for term in spellings(word)])
    return pieces


def spellings(word: str) -> list[bytes]:
    """A word as it was typed, without its accents, and with one French accent anywhere: servers compare literally."""
    word = arguments.text(word)[:MAX_TERM]
    bare = fold(word)
    found = [word, bare]
    for position, letter in enumerate(bare):
        found.extend(bare[:position] + accented + bare[position + 1 :] for accented in _ACCENTED.get(letter, ""))
    return list(dict.fromkeys(each.encode("utf-8") for each in found))[:MOST_SPELLINGS]


def _any_of(keys: list[list[Piece]], most: int = MOST_SPELLINGS * 2) -> Iterator[Piece]:
    """`OR a OR b c`: IMAP's OR takes two keys."""
    keys = keys[:most]
    for _ in keys[1:]:
        yield "OR"
    for key in keys:
        yield from key


def imap_date(day: date) -> str:
    """`3-Mar-2026`, whatever the language of the machine."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year:04d}"


def through(day: date) -> date:
    """The day after, for a limit that is included."""
    return day + timedelta(days=1)
