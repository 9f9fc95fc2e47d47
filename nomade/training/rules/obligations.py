"""Who must have followed what, until when, and when to recall it. No ORM, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from nomade.people.folding import fold

#: Days before the end at which the agent and who supervises are told.
RECALLS = (90, 30, 7)

Standing = Literal["valid", "soon", "overdue", "due"]


@dataclass(frozen=True)
class Due:
    """What an agent owes on a day. `until` is the end of what they hold, or of the time they have; None: for ever."""

    standing: Standing
    until: date | None


@dataclass(frozen=True)
class Target:
    """Whom an obligation designates: every filled field narrows; `posts` are beginnings of words of a post."""

    posts: str = ""
    status: str = ""
    category: str = ""
    unit: str = ""
    risk: int | None = None


@dataclass(frozen=True)
class Facts:
    """What an obligation looks at in an agent; `risks` are those they work under."""

    post: str = ""
    status: str = ""
    category: str = ""
    unit: str = ""
    risks: frozenset[int] = frozenset()


def fits_post(posts: str, post: str) -> bool:
    """Whether a word of a post begins with one of some beginnings; no beginnings fit every post."""
    words = set(fold(post).replace(".", " ").split())
    return not posts.strip() or any(word.startswith(wanted) for wanted in fold(posts).split() for word in words)


def concerns(target: Target, agent: Facts) -> bool:
    """Whether an obligation designates an agent; an empty field narrows nothing."""
    if (target.status and target.status != agent.status) or (target.category and target.category != agent.category):
        return False
    if target.risk is not None and target.risk not in agent.risks:
        return False
    if target.unit and agent.unit != target.unit and not agent.unit.startswith(f"{target.unit}/"):
        return False
    return fits_post(target.posts, agent.post)


def counts_from(entry: date, asked: date, exposed: date | None) -> date:
    """The day from which the time left to follow an obligation counts: entry, or later the first day of the obligation
    or of the work under its risk. Nobody is late of what did not concern them yet.
    """
    return max(day for day in (entry, asked, exposed) if day is not None)


def due_on(day: date, *, since: date, within_days: int, held: bool, expires_on: date | None) -> Due:
    """Where an agent stands with an obligation on a day."""
    if held:
        if expires_on is None:
            return Due("valid", None)
        if expires_on < day:
            return Due("overdue", expires_on)
        return Due("soon" if (expires_on - day).days <= RECALLS[0] else "valid", expires_on)
    until = since + timedelta(days=within_days)
    return Due("due" if until >= day else "overdue", until)


def recall_for(day: date, expires_on: date, recalled: int | None) -> int | None:
    """The recall to send on a day, or None: the nearest threshold reached that was not told yet."""
    left = (expires_on - day).days
    reached = [days for days in RECALLS if left <= days]
    if not reached or left < 0:
        return None
    nearest = min(reached)
    return nearest if recalled is None or nearest < recalled else None
