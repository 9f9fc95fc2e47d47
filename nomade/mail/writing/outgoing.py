"""Letters on their way, as the pages of the mail count them: one query."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nomade.kernel.clock import now
from nomade.mail.models import FOR_THE_AGENT, ON_THE_WAY, OutgoingMessage, OutgoingState
from nomade.people.models import Agent

MOST_SHOWN = 3


@dataclass(frozen=True)
class Summary:
    """How many letters wait for the server, how many for the agent, and which may still be taken back, with seconds."""

    waiting: int
    stuck: int
    leaving: list[tuple[OutgoingMessage, int]]


def summary(agent: Agent) -> Summary:
    """The letters of an agent that have not all left."""
    letters = list(OutgoingMessage.objects.of(agent).unfinished().order_by("-changed_at"))
    held = [(letter, seconds_left(letter)) for letter in letters]
    return Summary(
        waiting=sum(letter.state in ON_THE_WAY for letter in letters),
        stuck=sum(letter.state in FOR_THE_AGENT for letter in letters),
        leaving=[(letter, seconds) for letter, seconds in held if seconds][:MOST_SHOWN],
    )


def seconds_left(letter: OutgoingMessage) -> int:
    """How long a letter may still be taken back; 0 when it is too late."""
    if letter.state != OutgoingState.WAITING or letter.leaves_at is None:
        return 0
    return max(0, math.ceil((letter.leaves_at - now()).total_seconds()))
