"""A folder and a message, fetched in one go for one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mailkit.errors import MailError
from mailkit.imap import Envelope, Folder, MessagePage, MessageRef, MessageView, Session
from nomade.kernel.readonly import allow_writes
from nomade.mail import gateway
from nomade.mail.access import INBOX, key_of
from nomade.people.models import Agent

PAGE_SIZE = 50
LABELS: dict[str, Any] = {
    "inbox": _("Boîte de réception"),
    "drafts": _("Brouillons"),
    "sent": _("Envoyés"),
    "archive": _("Archives"),
    "junk": _("Indésirables"),
    "trash": _("Corbeille"),
}
ICONS = {"inbox": "inbox", "drafts": "file-pen-line", "sent": "send", "archive": "archive", "junk": "shield-alert",
         "trash": "trash-2", "": "folder"}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A folder as the page shows it."""

    folder: Folder
    current: bool

    @property
    def label(self) -> Any:
        """Its French name for a special folder, its own for another."""
        return LABELS.get(self.folder.role) or self.folder.leaf

    @property
    def icon(self) -> str:
        """The icon of its role."""
        return ICONS[self.folder.role]

    @property
    def indent(self) -> int:
        """How deep it is drawn, three levels at most; special folders stay at the edge."""
        return 0 if self.folder.role else min(3, self.folder.depth)

    @property
    def shows_recipients(self) -> bool:
        """In one's own letters, the interesting person is the one written to."""
        return self.folder.role in ("sent", "drafts")


@dataclass(frozen=True)
class Opened:
    """What a page of mail shows."""

    places: list[Place]
    current: Place
    page: MessagePage
    message: MessageView | None = None

    @property
    def key(self) -> str:
        """The key of the message that is open."""
        return key_of(self.message.ref) if self.message else ""

    def key_of(self, envelope: Envelope) -> str:
        """The key of a line of the list."""
        return key_of(envelope.ref)


def open_folder(agent: Agent, folder: str, number: int) -> Opened:
    """A page of a folder and the tree around it. Raises Http404, Unavailable."""

    def work(session: Session) -> Opened:
        page = session.page(folder, number=number, size=PAGE_SIZE)
        return _opened(session, page, None)

    return gateway.visit(agent, work)


def open_message(agent: Agent, ref: MessageRef, number: int) -> Opened:
    """A message, marked as read on the mail server, with its folder around it. Raises Http404, Unavailable."""

    def work(session: Session) -> Opened:
        view = session.message(ref, with_html=False)
        if not view.seen:
            _mark_seen(session, ref)
        page = session.page(ref.folder, number=number, size=PAGE_SIZE)
        return _opened(session, page, view)

    with allow_writes("mail.seen"):
        return gateway.visit(agent, work)


def _mark_seen(session: Session, ref: MessageRef) -> None:
    try:
        session.flag([ref], add=("\\Seen",))
    except MailError as error:
        # A folder that is shared for reading only cannot remember it; the message is read all the same.
        if error.broken:
            raise


def _opened(session: Session, page: MessagePage, view: MessageView | None) -> Opened:
    folders = [folder for folder in session.folders() if folder.selectable]
    places = [Place(folder, folder.name == page.folder) for folder in folders]
    known = next((place for place in places if place.current), None)
    return Opened(places, known or Place(Folder(page.folder, "", ""), current=True), page, view)


def is_inbox(folder: str) -> bool:
    """Whether an address need not name this folder."""
    return folder == INBOX
