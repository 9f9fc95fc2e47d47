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


@dataclass(frozen=True)
class Step:
    """What a step found, and where the next one begins (empty when everything was looked into)."""

    folders: tuple[Folder, ...]
    hits: tuple[Envelope, ...]
    searched: int
    total: int
    following: str


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
        return _looked(session, folders, places, criteria, start, total)

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
    session: Session, folders: tuple[Folder, ...], places: list[Folder], criteria: Criteria, start: str, total: int
) -> Step:
    at, done = _start(start, len(places))
    deadline = time.monotonic() + SECONDS
    hits: list[Envelope] = []
    while at < len(places) and time.monotonic() < deadline and len(hits) < MOST_A_STEP:
        place = places[at]
        session.at(place.name)
        numbers = session.search(flag_pieces(criteria) or ["ALL"])[::-1]
        while done < len(numbers) and time.monotonic() < deadline and len(hits) < MOST_A_STEP:
            block = numbers[done : done + (BLOCK_OF_TEXTS if criteria.body else BLOCK)]
            found = _matching(session, place, block, criteria)
            shown = found[: MOST_A_STEP - len(hits)]
            hits += session.envelopes(place.name, shown)
            done = done + len(block) if shown == found else numbers.index(shown[-1], done) + 1
        if done >= len(numbers):
            at, done = at + 1, 0
    before = sum(place.total or 0 for place in places[:at])
    following = f"{at}.{done}" if at < len(places) else ""
    searched = total if not following else min(total, before + done)
    return Step(folders, tuple(hits), searched, total, following)


def _matching(session: Session, place: Folder, block: list[int], criteria: Criteria) -> list[int]:
    """Those of some messages of the selected folder that match, in their order."""
    if criteria.has_words:
        block = words.gather(session, place.name, place.stamp, block).matching(criteria, block)
    if criteria.body and block:
        texts = in_bodies(session, block, criteria)
        block = [uid for uid in block if uid in texts]
    return block


def _start(start: str, most: int) -> tuple[int, int]:
    place, _, done = start.partition(".")
    if place.isdecimal() and done.isdecimal() and len(place) < 6 and len(done) < 9:
        return min(int(place), most), int(done)
    return 0, 0
