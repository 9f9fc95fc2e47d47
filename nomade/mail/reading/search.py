"""Searches that take time: in texts, in every folder, in headers still to be read.

Step by step, so that each shows what was found so far.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from mailkit.imap import Criteria, Envelope, Folder, Session, words
from mailkit.imap.criteria import flag_pieces
from mailkit.imap.listing import in_bodies
from nomade.mail import gateway
from nomade.mail.reading.wanted import Wanted
from nomade.people.models import Agent

SECONDS = 0.5
BLOCK, BLOCK_OF_TEXTS = 1_000, 250
MOST_A_STEP = 100
#: Past so many lines, a search of headers in one folder only counts: its list is then shown page by page.
MOST_DRAWN = 200


@dataclass(frozen=True)
class Step:
    """What a step found, and where the next one begins (empty when everything was looked into).

    `found` counts what matched since the beginning; `is_list` says that all of it can be shown page by page.
    """

    folders: tuple[Folder, ...]
    hits: tuple[Envelope, ...]
    searched: int
    total: int
    following: str
    found: int = 0
    is_list: bool = False


def is_long(wanted: Wanted) -> bool:
    """Whether a search must be done step by step."""
    asked = wanted.understood
    return asked.everywhere or bool(asked.criteria.body)


def step(agent: Agent, wanted: Wanted, start: str) -> Step:
    """Looks on from `start` for half a second. Raises Unavailable."""
    asked, criteria = wanted.understood, wanted.criteria(agent)

    def work(session: Session) -> Step:
        folders = session.folders()
        places = _places(folders, wanted.folder, everywhere=asked.everywhere)
        total = sum(place.total or 0 for place in places)
        is_list = not is_long(wanted)
        return _looked(session, folders, places, criteria, start, total, is_list=is_list)

    return gateway.visit(agent, work)


def _places(folders: tuple[Folder, ...], current: str, *, everywhere: bool) -> list[Folder]:
    """Where to look: the folder one is in first; neither junk nor trash unless one is in it."""
    chosen = [folder for folder in folders if folder.selectable]
    first = [folder for folder in chosen if folder.name == current]
    others = [
        folder
        for folder in chosen
        if folder.name != current and (folder.role or folder.purpose) not in ("junk", "trash")
    ]
    return first + (others if everywhere else [])


def _looked(
    session: Session, folders: tuple[Folder, ...], places: list[Folder], criteria: Criteria, start: str, total: int,
    *, is_list: bool,
) -> Step:  # fmt: skip
    at, done, found = _start(start, len(places))
    deadline = time.monotonic() + SECONDS
    counts_only = is_list and found >= MOST_DRAWN
    hits: list[Envelope] = []
    while at < len(places) and time.monotonic() < deadline and len(hits) < MOST_A_STEP:
        place = places[at]
        session.at(place.name)
        pieces = flag_pieces(criteria)
        numbers = (session.search(pieces) if pieces else words.everyone(session, place.name, place.stamp))[::-1]
        while done < len(numbers) and time.monotonic() < deadline and len(hits) < MOST_A_STEP:
            block = numbers[done : done + (BLOCK_OF_TEXTS if criteria.body else BLOCK)]
            matching = _matching(session, place, block, criteria)
            shown = [] if counts_only else matching[: MOST_A_STEP - len(hits)]
            hits += session.envelopes(place.name, shown)
            whole = counts_only or shown == matching
            found += len(matching if whole else shown)
            done = done + len(block) if whole else numbers.index(shown[-1], done) + 1
        if done >= len(numbers):
            at, done = at + 1, 0
    before = sum(place.total or 0 for place in places[:at])
    following = f"{at}.{done}.{found}" if at < len(places) else ""
    searched = total if not following else min(total, before + done)
    return Step(folders, tuple(hits), searched, total, following, found, is_list)


def _matching(session: Session, place: Folder, block: list[int], criteria: Criteria) -> list[int]:
    """Those of some messages of the selected folder that match, in their order."""
    if criteria.has_words:
        block = words.gather(session, place.name, place.stamp, block).matching(criteria, block)
    if criteria.body and block:
        texts = in_bodies(session, block, criteria)
        block = [uid for uid in block if uid in texts]
    return block


def _start(start: str, most: int) -> tuple[int, int, int]:
    """Which folder, how many of its messages are done, how many were found."""
    pieces = (*start.split("."), "0", "0")[:3]
    if all(piece.isdecimal() and len(piece) < 9 for piece in pieces):
        place, done, found = map(int, pieces)
        return min(place, most), done, found
    return 0, 0, 0
