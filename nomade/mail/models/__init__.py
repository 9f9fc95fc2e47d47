"""The tables of the mail: what is written here, never what the mail server keeps."""

from nomade.mail.models.outgoing import (
    FOR_THE_AGENT,
    ON_THE_WAY,
    OutgoingAttachment,
    OutgoingMessage,
    OutgoingQuerySet,
    OutgoingState,
    Written,
)

__all__ = [
    "FOR_THE_AGENT",
    "ON_THE_WAY",
    "OutgoingAttachment",
    "OutgoingMessage",
    "OutgoingQuerySet",
    "OutgoingState",
    "Written",
]
