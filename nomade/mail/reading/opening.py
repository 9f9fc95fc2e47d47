"""A folder and a message, fetched in one go for one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mailkit.errors import MailError
from mailkit.imap import Envelope, Folder, Listing, MessagePage, MessageRef, MessageView, Quota, Session
from mailkit.imap.listing import overview
from mailkit.imap.roles import fold
from mailkit.mime import charsets
from nomade.kernel.readonly import allow_writes
from nomade.mail import gateway, shared
from nomade.mail.access import key_of
from nomade.mail.models import Label, ReadingSettings
from nomade.mail.reading.wanted import Wanted, label_named
from nomade.mail.shared import SharedBox
from nomade.mail.writing import outgoing
from nomade.mail.writing.outgoing import Summary
from nomade.people.models import Agent

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
MOST_SOURCE = 512 * 1024
UNCOUNTED = ("sent", "trash")


@dataclass(frozen=True)
class Place:
    """A folder as the page shows it."""

    folder: Folder
    current: bool

    @property
    def role(self) -> str:
        """What it is for, in one's own mailbox or in another."""
        return self.folder.role or self.folder.purpose

    @property
    def is_shared(self) -> bool:
        """Whether it belongs to somebody else, or to nobody."""
        return self.folder.space != "own"

    @property
    def label(self) -> Any:
        """Its French name for a special folder, its own for another."""
        return LABELS.get(self.role) or self.folder.leaf

    @property
    def full_label(self) -> Any:
        """The same with the mailbox it lies in, when that is not one's own."""
        return f"{self.folder.owner} · {self.label}" if self.is_shared else self.label

    @property
    def icon(self) -> str:
        """The icon of its role."""
        return ICONS[self.role]

    @property
    def indent(self) -> int:
        """How deep it is drawn, three levels at most; special folders stay at the edge."""
        if self.role:
            return 0
        return min(3, max(0, self.folder.depth - 2)) if self.is_shared else min(3, self.folder.depth)

    @property
    def unread(self) -> int:
        """The unread messages worth a badge."""
        return 0 if self.role in UNCOUNTED else self.folder.unread or 0

    @property
    def takes(self) -> bool:
        """Whether messages can be put there."""
        return not self.current and self.folder.may("i")

    @property
    def shows_recipients(self) -> bool:
        """In one's own letters, the interesting person is the one written to."""
        return self.role in ("sent", "drafts")


def folder_named(folders: Iterable[Folder], name: str) -> str:
    """The folder that « dans: » names, one's own before those of others; else empty.

    By its French name, its own or the end of its path; in a shared mailbox, also with the mailbox before it. The
    mailbox alone is its inbox.
    """
    wanted = " ".join(fold(name).replace("·", "/").replace("/", " / ").split())
    ordered = sorted(folders, key=lambda folder: folder.space != "own")
    return next((each.name for each in ordered if each.selectable and wanted in _names(each)), "")


def _names(folder: Folder) -> set[str]:
    label = str(LABELS.get(folder.role or folder.purpose, ""))
    names = {label, folder.leaf, folder.name}
    if folder.space != "own":
        owners = {folder.owner, folder.owner.partition("@")[0]}
        names |= {f"{owner} / {name}" for owner in owners for name in (label, folder.leaf)}
        names |= owners if folder.purpose == "inbox" else set()
    return {" ".join(fold(name).replace("/", " / ").split()) for name in names if name}


@dataclass(frozen=True)
class Opened:
    """What a page of mail shows. Without `page`, only the message and the tree are new."""

    places: list[Place]
    current: Place
    wanted: Wanted
    settings: ReadingSettings
    page: MessagePage | None = None
    message: MessageView | None = None
    labels: list[Label] = field(default_factory=list)
    source: str = ""
    boxes: tuple[SharedBox, ...] = ()
    quota: Quota | None = None
    letters: Summary | None = None

    @cached_property
    def named(self) -> str:
        """The folder that a search names; empty when it names none, or one that is not there."""
        asked = self.wanted.understood.folder
        return folder_named((place.folder for place in self.places), asked) if asked else ""

    @property
    def unclear(self) -> tuple[str, ...]:
        """What of a search was not understood, a folder that is not there included."""
        asked = self.wanted.understood
        absent = [f"dans:{asked.folder}"] if asked.folder and not self.named else []
        if asked.label and label_named(self.labels, asked.label) is None:
            absent.append(f"étiquette:{asked.label}")
        return (*asked.unclear, *absent)

    @property
    def own_places(self) -> list[Place]:
        """The folders of one's own mailbox."""
        return [place for place in self.places if not place.is_shared]

    def places_in(self, box: SharedBox) -> list[Place]:
        """Those of a shared mailbox."""
        return [place for place in self.places if place.folder.name in box.folders]

    @property
    def box(self) -> SharedBox | None:
        """The shared mailbox that is open, if one is."""
        return next((box for box in self.boxes if self.current.folder.name in box.folders), None)

    @property
    def key(self) -> str:
        """The key of the message that is open."""
        return key_of(self.message.ref) if self.message else ""

    def key_of(self, envelope: Envelope) -> str:
        """The key of a line of the list."""
        return key_of(envelope.ref)

    @property
    def threaded(self) -> bool:
        """Whether a line stands for a conversation."""
        return bool(self.page and self.page.threads)

    @cached_property
    def labels_by_keyword(self) -> dict[str, Label]:
        """The agent's labels."""
        return {label.keyword.lower(): label for label in self.labels}

    def labels_of(self, keywords: tuple[str, ...]) -> list[Label]:
        """The labels of a message."""
        return [self.labels_by_keyword[keyword] for keyword in keywords if keyword in self.labels_by_keyword]

    @property
    def neighbour(self) -> MessageRef | None:
        """The message below the one that is open: the one that is read next, more often than not."""
        lines = self.page.envelopes if self.page else ()
        for above, below in pairwise(lines):
            if self.message and above.ref == self.message.ref:
                return below.ref
        return None


class _Around:
    """What the base holds for any page of the mail; asked while the mail server thinks, else afterwards."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._found: tuple[list[Label], Summary] | None = None

    def ask(self) -> None:
        """Asks the base."""
        self._found = Label.all_of(self._agent), outgoing.summary(self._agent)

    @property
    def found(self) -> tuple[list[Label], Summary]:
        """What it said."""
        if self._found is None:
            self.ask()
        assert self._found is not None
        return self._found


class LongSearch(Exception):
    """So many headers are still to be read that the search must show its progress."""


def open_folder(agent: Agent, wanted: Wanted) -> Opened:
    """A page of a folder and the tree around it. Raises Http404, Unavailable, LongSearch."""
    chosen = ReadingSettings.of(agent)
    asked, around = wanted.listing(agent, threaded=chosen.threaded), _Around(agent)
    try:
        found, quota = gateway.run_beside(agent, lambda session: (overview(session, asked), session.quota), around.ask)
    except MailError as error:
        raise LongSearch if error.key == "long_search" else gateway.translated(error) from error
    return replace(_opened(agent, wanted, chosen, around, found.folders, page=found.page), quota=quota)


def open_message(agent: Agent, ref: MessageRef, wanted: Wanted, *, alone: bool = False) -> Opened:
    """A message, marked as read on the mail server, with its folder around it. Raises Http404, Unavailable.

    `alone`: without its list, which is on the screen already.
    """
    chosen = ReadingSettings.of(agent)
    asked = replace(wanted.listing(agent, threaded=chosen.threaded), folder=ref.folder)
    around = _Around(agent)

    def work(session: Session) -> tuple[MessageView, tuple[Folder, ...], MessagePage | None, Quota | None]:
        view, folders = session.opened(ref)
        page = None if alone else overview(session, asked, folders=folders, patient=True).page
        return view, folders, page, session.quota

    with allow_writes("mail.seen"):
        try:
            view, folders, page, quota = gateway.run_beside(agent, work, around.ask)
        except MailError as error:
            if error.key != "protocol":
                raise gateway.translated(error) from error
            return _as_source(agent, ref, wanted, chosen, None if alone else asked)
    return replace(_opened(agent, wanted, chosen, around, folders, page=page, message=view), quota=quota)


def _as_source(agent: Agent, ref: MessageRef, wanted: Wanted, chosen: ReadingSettings, asked: Listing | None) -> Opened:
    """A message that cannot be understood: what travelled, as it is."""

    def work(session: Session) -> tuple[bytes, tuple[Folder, ...], MessagePage | None]:
        raw, folders = session.source(ref, limit=MOST_SOURCE), session.folders()
        return raw, folders, overview(session, asked, folders=folders, patient=True).page if asked else None

    raw, folders, page = gateway.visit(agent, work)
    view = MessageView(
        ref=ref, message_id="", in_reply_to="", references=(), subject=str(_("(message illisible)")), sender=None,
        reply_to=(), to=(), cc=(), sent_at=None, received_at=None, size=len(raw), seen=True, text=None, html=None,
        has_html=False, truncated=len(raw) >= MOST_SOURCE, attachments=(),
    )  # fmt: skip
    found = _opened(agent, wanted, chosen, _Around(agent), folders, page=page, message=view)
    return replace(found, source=charsets.decode(raw))


def _opened(
    agent: Agent,
    wanted: Wanted,
    chosen: ReadingSettings,
    around: _Around,
    folders: tuple[Folder, ...],
    *,
    page: MessagePage | None,
    message: MessageView | None = None,
) -> Opened:
    places = [
        Place(folder, folder.name == wanted.folder)
        for folder in folders
        if folder.selectable
        and (folder.subscribed or folder.role or not chosen.subscribed_only or folder.name == wanted.folder)
    ]
    known = next((place for place in places if place.current), None)
    labels, letters = around.found
    return Opened(
        places,
        known or Place(Folder(wanted.folder, "", ""), current=True),
        wanted,
        chosen,
        page,
        message,
        labels,
        boxes=shared.note(agent, folders),
        letters=letters,
    )
