"""What the reader answered to a message by one click: kept in our base, and on the message where the server can."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.conf import settings

from mailkit.imap import MessageView
from nomade.kernel.clock import now
from nomade.mail.models import Answered
from nomade.people.models import Agent

Kind = Literal["invitation", "receipt"]
# By the button: the word of iCalendar (RFC 5545 § 3.2.12), and ours.
WORDS: dict[str, tuple[str, str]] = {
    "accepter": ("ACCEPTED", "Accepté"),
    "peut-etre": ("TENTATIVE", "Peut-être"),
    "refuser": ("DECLINED", "Refusé"),
}
RECEIPT_MARK = "$MDNSent"  # RFC 3503
RECEIPT_SENT = "lu"


def mark_of(choice: str) -> str:
    """The keyword that remembers, on the message, what its reader answered."""
    return f"$Nomade{WORDS[choice][0].capitalize()}"


def answered(agent: Agent, view: MessageView) -> str:
    """What the reader answered to an invitation, as the page names it; empty when nothing was."""
    return _remembered(agent, view, "invitation") or next(
        (choice for choice in WORDS if mark_of(choice).lower() in view.keywords), ""
    )


def receipt_was_sent(agent: Agent, view: MessageView) -> bool:
    """Whether the sender was told already that the message was read, from here or from another program."""
    return RECEIPT_MARK.lower() in view.keywords or bool(_remembered(agent, view, "receipt"))


def remember(agent: Agent, view: MessageView, kind: Kind, word: str) -> None:
    """Notes what has just been answered, in the place of what was answered before."""
    Answered.objects.update_or_create(
        agent=agent, digest=_digest(agent, view, kind), defaults={"word": word, "answered_at": now()}
    )


def purge() -> int:
    """Forgets what was answered long ago."""
    kept = timedelta(days=settings.NOMADE.mail_answer_days)
    return int(Answered.objects.filter(answered_at__lt=now() - kept).delete()[0])


def _remembered(agent: Agent, view: MessageView, kind: Kind) -> str:
    found = Answered.objects.filter(agent=agent, digest=_digest(agent, view, kind)).values_list("word", flat=True)
    return next(iter(found), "")


def _digest(agent: Agent, view: MessageView, kind: Kind) -> str:
    """By Message-ID, which a move does not change; by its place where a message has none."""
    ref = view.ref
    return Answered.digest_of(agent, kind, view.message_id or f"{ref.folder} {ref.uidvalidity} {ref.uid}")
