"""The folders of a signed-in mailbox: their roles, their counts, their state."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import replace

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import arguments, roles
from mailkit.imap.memory import LISTED_SECONDS, Memory
from mailkit.imap.parser import Value, integer, values
from mailkit.imap.types import Folder, Role
from mailkit.imap.wire import Opened, Wire

MAX_STATUS = 300  # folders whose unread messages are counted, when the server cannot do it in one command
_STATUS_ITEMS = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"
_STATUS_ITEMS_MODSEQ = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"


class Tree:
    """The part of a session that knows no message."""

    def __init__(
        self,
        account: Account,
        *,
        tls: ssl.SSLContext | None = None,
        opened: Opened = lambda _socket: None,
        memory: Memory | None = None,
    ) -> None:
        self.wire = Wire(account, tls=tls, opened=opened)
        self.memory = memory if memory is not None else Memory()
        self._prefix: str | None = None

    def folders(self, *, counts: bool = True, first: Sequence[tuple[str, ...]] = ()) -> tuple[Folder, ...]:
        """Every folder, special ones first; with `counts`, how many messages and unread ones each has, and its state.

        One round trip: LIST-STATUS, or STATUS commands that leave together for the folders listed within the last
        minute. `first`: commands sent before, in the same round trip, whose refusal harms nobody.
        """
        if counts and self.wire.has("LIST-STATUS"):
            returned = (
                f"RETURN (SUBSCRIBED {'SPECIAL-USE ' if self.wire.has('SPECIAL-USE') else ''}STATUS {self._status})"
            )
            done = self.wire.batch([*first, *self._catch_up, ("LIST", '""', '"*"', returned)])
            if not done[-1]:
                raise MailError("refused", "LIST")
            found = _folders(values(self.wire.untagged("LIST")), told_subscribed=True)
            return self._named(found, self._statuses(values(self.wire.untagged("STATUS"))))
        known = self._listed(fresh=not counts)
        if not counts:
            return self._named(known, {})
        asked = [("STATUS", arguments.folder(folder.name), self._status) for folder in known if folder.selectable]
        self.wire.batch([*first, *self._catch_up, *asked[:MAX_STATUS]])
        return self._named(known, self._statuses(values(self.wire.untagged("STATUS"))))

    @property
    def _status(self) -> str:
        return _STATUS_ITEMS_MODSEQ if self.wire.has("CONDSTORE") else _STATUS_ITEMS

    @property
    def _catch_up(self) -> list[tuple[str, ...]]:
        """Servers count the selected folder as it was when they last told us of it: NOOP makes them look."""
        return [("NOOP",)] if self.wire.selected else []

    def _listed(self, *, fresh: bool) -> list[Folder]:
        """The folders of a server that lists and counts apart; the list is kept for a minute."""
        kept = self.memory.folders
        if kept is not None and not fresh and time.monotonic() - kept[0] < LISTED_SECONDS:
            return kept[1]
        listed = _folders(values(self.wire.command("LIST", '""', '"*"', answers="LIST")))
        subscribed = _folders(values(self.wire.command("LSUB", '""', '"*"', answers="LSUB")))
        names = {folder.name for folder in subscribed}
        found = [replace(folder, subscribed=folder.name in names) for folder in listed]
        self.memory.folders = (time.monotonic(), found)
        return found

    def _statuses(self, flat: list[Value]) -> dict[str, dict[bytes, int]]:
        counts: dict[str, dict[bytes, int]] = {}
        for index in range(0, len(flat) - 1, 2):
            name, items = flat[index], flat[index + 1]
            if isinstance(name, bytes) and isinstance(items, list):
                counts[folder_name(name)] = {
                    _upper(items[at]): integer(items[at + 1]) for at in range(0, len(items) - 1, 2)
                }
        return counts

    def _named(self, found: list[Folder], counts: dict[str, dict[bytes, int]]) -> tuple[Folder, ...]:
        counted = [
            replace(
                folder,
                total=known.get(b"MESSAGES", 0),
                unread=known.get(b"UNSEEN", 0),
                uidvalidity=known.get(b"UIDVALIDITY", 0),
                uidnext=known.get(b"UIDNEXT", 0),
                modseq=known.get(b"HIGHESTMODSEQ", 0),
            )
            if (known := counts.get(folder.name)) is not None
            else folder
            for folder in found
        ]
        return roles.assign(counted, prefix=self.personal_prefix)

    @property
    def personal_prefix(self) -> str:
        """What the names of one's own folders begin with (`INBOX.` on some servers), by NAMESPACE."""
        if self._prefix is None:
            self._prefix = ""
            if self.wire.has("NAMESPACE"):
                spaces = values(self.wire.command("NAMESPACE", answers="NAMESPACE"))
                personal = spaces[0] if spaces else None
                first = personal[0] if isinstance(personal, list) and personal else None
                prefix = first[0] if isinstance(first, list) and first else None
                self._prefix = arguments.decode_folder(prefix) if isinstance(prefix, bytes) else ""
        return self._prefix

    def folder_of(self, role: Role) -> Folder:
        """The folder that plays a role; it is created when the mailbox has none yet."""
        for folder in self.folders(counts=False):
            if folder.role == role:
                return folder
        name = self.personal_prefix + roles.NAMES[role][0]
        self.wire.command("CREATE", arguments.folder(name), answers="CREATE")
        self.wire.command("SUBSCRIBE", arguments.folder(name), answers="SUBSCRIBE")
        return Folder(name=name, delimiter="", role=role)

    def unread(self, folder: str = "INBOX") -> int:
        """How many messages of a folder are unread."""
        answer = self.wire.command("STATUS", arguments.folder(folder), "(UNSEEN)", answers="STATUS")
        counts = list(self._statuses(values(answer)).values())
        return counts[0].get(b"UNSEEN", 0) if counts else 0


def _folders(flat: list[Value], *, told_subscribed: bool = False) -> list[Folder]:
    found: list[Folder] = []
    for index in range(0, len(flat) - 2, 3):
        attributes, delimiter, name = flat[index : index + 3]
        if not isinstance(attributes, list) or not isinstance(name, bytes):
            continue
        words = [word.decode("ascii", errors="replace") for word in attributes if isinstance(word, bytes)]
        lowered = {word.lower() for word in words}
        found.append(
            Folder(
                name=folder_name(name),
                delimiter=delimiter.decode("ascii", errors="replace") if isinstance(delimiter, bytes) else "",
                role=roles.from_attributes(words),
                selectable=not lowered & {"\\noselect", "\\nonexistent"},
                subscribed="\\subscribed" in lowered or not told_subscribed,
            )
        )
    return found


def folder_name(raw: bytes) -> str:
    """A folder name for a person; INBOX has one spelling."""
    name = arguments.decode_folder(raw)
    return "INBOX" if name.upper() == "INBOX" else name


def _upper(value: Value) -> bytes:
    return value.upper() if isinstance(value, bytes) else b""
