"""What the reader answered to an invitation, kept on the message itself."""

from __future__ import annotations

from mailkit.imap import MessageView

# By the button: the word of iCalendar (RFC 5545 § 3.2.12), and ours.
WORDS: dict[str, tuple[str, str]] = {
    "accepter": ("ACCEPTED", "Accepté"),
    "peut-etre": ("TENTATIVE", "Peut-être"),
    "refuser": ("DECLINED", "Refusé"),
}


def mark_of(choice: str) -> str:
    """The keyword that remembers, on the message, what its reader answered."""
    return f"$Nomade{WORDS[choice][0].capitalize()}"


def answered(view: MessageView) -> str:
    """What the reader answered to an invitation, as the page names it; empty when nothing was, or nobody remembers."""
    return next((choice for choice in WORDS if mark_of(choice).lower() in view.keywords), "")
