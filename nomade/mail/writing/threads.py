"""What a letter continues, carried by its own form: it survives a mail server that went away while it was written."""

from __future__ import annotations

from dataclasses import replace

from django.core import signing

from nomade.mail.models import Written
from nomade.people.models import Agent

_SALT = "nomade.mail.thread"


def carried(agent: Agent, written: Written) -> str:
    """For a hidden field: sealed against change and bound to the agent."""
    content = [agent.pk, written.in_reply_to, list(written.references), written.answers, written.replaces]
    return signing.dumps(content, salt=_SALT, compress=True)


def continued(agent: Agent, written: Written, field: str) -> Written:
    """The letter with what its form carried; unchanged when the field is absent, forged, or another agent's."""
    if not field:
        return written
    try:
        owner, in_reply_to, references, answers, replaces = signing.loads(field, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return written
    if owner != agent.pk:
        return written
    return replace(written, in_reply_to=in_reply_to, references=tuple(references), answers=answers, replaces=replaces)
