"""The mailboxes of others that the mail server opens to an agent, and in whose name it lets them write (ADR 70)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from mailkit.errors import MailError
from mailkit.imap import Folder, Session
from mailkit.mime import addresses
from nomade.mail import gateway
from nomade.people.models import Agent

MARK = "="
# `i`: put messages there; `p`: write for the mailbox (RFC 4314 § 2.1). A server that tells no right grants none.
WRITES = "ip"
FRESH_SECONDS = 300.0
MOST_KEPT = 5000

_guard = threading.Lock()
_known: dict[tuple[str, int], tuple[float, tuple[SharedBox, ...]]] = {}


@dataclass(frozen=True)
class SharedBox:
    """One of them. `inbox` is its first folder, `folders` the names of all those that are shown."""

    owner: str
    address: str
    inbox: str
    folders: tuple[str, ...]
    may_send: bool

    @property
    def key(self) -> str:
        """Its name among the identities of a letter."""
        return f"{MARK}{self.address}"


def boxes(folders: Iterable[Folder]) -> tuple[SharedBox, ...]:
    """The shared mailboxes of a tree, in its order."""
    by_owner: dict[tuple[str, str], list[Folder]] = {}
    for folder in folders:
        if folder.space != "own":
            by_owner.setdefault((folder.space, folder.owner), []).append(folder)
    return tuple(_box(space, owner, listed) for (space, owner), listed in by_owner.items())


def _box(space: str, owner: str, listed: list[Folder]) -> SharedBox:
    inbox = next((each for each in listed if each.purpose == "inbox"), listed[0])
    address = owner if "@" in owner else f"{owner}@{settings.NOMADE.mail_domain}"
    if space != "other" or not addresses.is_valid(address):
        address = ""
    told = inbox.purpose == "inbox" and inbox.rights is not None
    granted = settings.NOMADE.mail_send_as == "granted" and told and inbox.may(WRITES)
    names = tuple(each.name for each in listed)
    return SharedBox(owner, address.lower(), inbox.name, names, may_send=bool(address) and granted)


def note(agent: Agent, folders: Iterable[Folder]) -> tuple[SharedBox, ...]:
    """Remembers, for the pages where one writes, what a tree has just shown."""
    found = boxes(folders)
    with _guard:
        if len(_known) >= MOST_KEPT:
            _known.clear()
        _known[settings.NOMADE.imap_url, agent.pk] = (time.monotonic(), found)
    return found


def of(agent: Agent) -> tuple[SharedBox, ...]:
    """Those of an agent, as they were a few minutes ago at most; the last ones known when the server is away."""
    kept = _known.get((settings.NOMADE.imap_url, agent.pk))
    if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    try:
        return note(agent, gateway.run(agent, lambda session: session.folders(counts=False)))
    except MailError as error:
        gateway.log.info("mail shared of agent=%s: %s", agent.pk, error)
        return kept[1] if kept is not None else ()


def holding(agent: Agent, folder: str) -> SharedBox | None:
    """The shared mailbox that a folder belongs to."""
    return next((box for box in of(agent) if folder in box.folders), None)


def address_in(key: str) -> str:
    """The shared address that an identity of a letter names; empty for an identity of the agent's own."""
    return key.removeprefix(MARK) if key.startswith(MARK) else ""


def granted(session: Session, address: str) -> SharedBox | None:
    """The mailbox of this address if one may write in its name at this very moment, by the mail server's word."""
    session.memory.rights.clear()
    return next((box for box in boxes(session.folders(counts=False)) if box.address == address and box.may_send), None)
