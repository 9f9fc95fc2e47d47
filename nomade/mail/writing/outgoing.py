"""Letters on their way, as the pages of the mail count them: one query."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled
from nomade.mail.models import FOR_THE_AGENT, ON_THE_WAY, OutgoingMessage, OutgoingState
from nomade.people.models import Agent

MOST_SHOWN = 3
_unfinished = Compiled(
    lambda agent: OutgoingMessage.objects.filter(agent_id=agent).unfinished().order_by("-changed_at")
)


@dataclass(frozen=True)
class Summary:
    """How many letters wait for the server, how many for the agent, and which may still be taken back, with seconds."""

    waiting: int
    stuck: int
    leaving: list[tuple[OutgoingMessage, int]]


def summary(agent: Agent) -> Summary:
    """The letters of an agent that have not all left."""
    letters = _unfinished.rows(agent=agent.pk)
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


def advice(problem: str) -> str:
    """What to do about a refusal, by the code that the server gave (RFC 3463)."""
    if re.search(r"\b5\.1\.\d|\b550\b", problem):
        return _("Une adresse n’existe pas ou n’accepte pas votre message. Vérifiez-la, puis renvoyez.")
    if re.search(r"\b5\.[23]\.[234]|\b552\b", problem):
        return _("Le message est trop lourd ou la boîte est pleine. Retirez des pièces jointes, ou attendez.")
    if re.search(r"\b5\.7\.\d", problem):
        return _("L’envoi à cette adresse n’est pas permis. Demandez à l’assistance.")
    return _("Corrigez votre message et renvoyez-le. Si le refus revient, signalez-le à l’assistance.")
