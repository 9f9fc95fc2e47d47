"""The tables of the mail: what is written here, never what the mail server keeps."""

from nomade.mail.models.contacts import Contact, ContactGroup, Correspondent
from nomade.mail.models.identities import (
    LONGEST_SIGNATURE,
    MailIdentity,
    SignaturePlace,
    WritingFormat,
    WritingSettings,
)
from nomade.mail.models.outgoing import (
    FOR_THE_AGENT,
    ON_THE_WAY,
    OutgoingAttachment,
    OutgoingMessage,
    OutgoingQuerySet,
    OutgoingState,
    Written,
)
from nomade.mail.models.reading import (
    Answered,
    Colour,
    Density,
    Done,
    Label,
    Pane,
    ReadingSettings,
    Receipts,
    TrustedSender,
)

__all__ = [
    "FOR_THE_AGENT",
    "LONGEST_SIGNATURE",
    "ON_THE_WAY",
    "Answered",
    "Colour",
    "Contact",
    "ContactGroup",
    "Correspondent",
    "Density",
    "Done",
    "Label",
    "MailIdentity",
    "OutgoingAttachment",
    "OutgoingMessage",
    "OutgoingQuerySet",
    "OutgoingState",
    "Pane",
    "ReadingSettings",
    "Receipts",
    "SignaturePlace",
    "TrustedSender",
    "WritingFormat",
    "WritingSettings",
    "Written",
]
