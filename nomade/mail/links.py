"""Addresses on the content host: signed, short-lived, for one agent and one message. That host knows no session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.core import signing
from django.http import Http404

from mailkit.imap import MessageRef
from nomade.kernel.hosts import absolute_url
from nomade.people.models import Agent

Kind = Literal["body", "inline", "file"]
# A frame and its pictures are asked for as the page opens; ten minutes leave time for « Précédent » and a slow network.
LIFE: dict[Kind, timedelta] = {
    "body": timedelta(minutes=10),
    "inline": timedelta(minutes=10),
    "file": timedelta(seconds=60),
}


@dataclass(frozen=True)
class Pass:
    """What a signed address opens."""

    agent: int
    ref: MessageRef
    section: str


def address(kind: Kind, agent: Agent, ref: MessageRef, section: str = "") -> str:
    """The address of a body, an inline picture or a file on the content host."""
    content = [agent.pk, ref.folder, ref.uidvalidity, ref.uid, section]
    return absolute_url("content", f"mail-content:{kind}", signing.dumps(content, salt=f"nomade.mail.{kind}"))


def opened(kind: Kind, token: str) -> Pass:
    """What an address opens. Raises Http404 when it is forged, of another kind, or too old."""
    try:
        agent, folder, uidvalidity, uid, section = signing.loads(token, salt=f"nomade.mail.{kind}", max_age=LIFE[kind])
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    return Pass(int(agent), MessageRef(str(folder), int(uidvalidity), int(uid)), str(section))
