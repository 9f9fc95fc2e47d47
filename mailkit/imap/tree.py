"""The folders of a signed-in mailbox: their roles, their counts, their state."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import arguments, roles, spaces
from mailkit.imap.memory import LISTED_SECONDS, Memory
from mailkit.imap.parser import Raw, Value, fetched, integer, values
from mailkit.imap.types import Folder, Namespace, Quota, Role
from mailkit.imap.wire import Opened, Wire

MAX_STATUS = 300  # folders whose unread messages are counted, when the server cannot do it in one command
_STATUS_ITEMS = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"
_STATUS_ITEMS_MODSEQ = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"


Command = tuple[str, ...]


class Beside(NamedTuple):
    """Commands that travel with those of the tree, whose refusal harms nobody; what FETCH answers is `Tree.told`.

    `select`: a folder to open before anything else. `first` and `then` go before and after the tree. `most`: FETCH
    answers that were asked for, if that can be known: one more is news of the selected folder.
    """

    select: str = ""
    first: tuple[Command, ...] = ()
    then: tuple[Command, ...] = ()
    most: int | None = None


ALONE = Beside()


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
        self._spaces: tuple[Namespace, ...] | None = None
        self.told: list[dict[bytes, Value]] = []

    def folders(self, *, counts: bool = True, beside: Beside = ALONE) -> tuple[Folder, ...]:
        """Every folder, special ones first; with `counts`, how many messages and unread ones each has, and its state.

        One round trip: LIST-STATUS, or STATUS commands that leave together for the folders listed within the last
        minute. `beside`: what else travels in it.
        """
        if counts and self.wire.has("LIST-STATUS"):
            returned = (
                f"RETURN (SUBSCRIBED {'SPECIAL-USE ' if self.wire.has('SPECIAL-USE') else ''}STATUS {self._status})"
            )
            if not all(self._asked(beside, [("LIST", '""', '"*"', returned)])):
                raise MailError("refused", "LIST")
            return self._told(self.wire.untagged("LIST"), self.wire.untagged("STATUS"))
        known = self._listed(fresh=not counts)
        if not counts:
            return self._named(known, {})
        asked = [("STATUS", arguments.folder(folder.name), self._status) for folder in known if folder.selectable]
        self._asked(beside, asked[:MAX_STATUS])
        return self._named(known, self._statuses(values(self.wire.untagged("STATUS"))))

    @property
    def _status(self) -> str:
        return _STATUS_ITEMS_MODSEQ if self.wire.has("CONDSTORE") else _STATUS_ITEMS

    def _asked(self, beside: Beside, tree: Sequence[Command]) -> list[bool]:
        """Sends everything at once, and the counts once more when something had changed in the selected folder.

        Servers count the selected folder as it was when they last told us of it. NOOP makes them look, but Dovecot puts
        it off until the commands that came with it are answered: its counts are then those of before. A folder that is
        opened at this very moment is as it is.
        """
        watched = self.wire.selected is not None and not beside.select
        if beside.select:
            before: list[Command] = [("SELECT", arguments.folder(beside.select)), *beside.first]
        else:
            before = [*beside.first, *([("NOOP",)] if watched else [])]
        before += self._quota_asked
        # What was told before now is counted already.
        self.wire.heard_news()
        self.wire.untagged("FETCH")
        done = self.wire.batch([*before, *tree, *beside.then])
        self._note_quota()
        if beside.select and done[0]:
            self.wire.selected = (beside.select, self.wire.selection()[1])
        self.told = list(fetched(self.wire.untagged("FETCH")))
        if watched and self._heard_news(beside):
            for kind in ("LIST", "STATUS"):
                self.wire.untagged(kind)
            done = self.wire.batch([*tree, *beside.then])
            self.told += fetched(self.wire.untagged("FETCH"))
            return done[: len(tree)]
        return done[len(before) : len(before) + len(tree)]

    def _heard_news(self, beside: Beside) -> bool:
        """Whether another connection changed the selected folder since the last look."""
        flags = [items for items in self.told if b"FLAGS" in items]
        unasked = any(b"UID" not in items for items in flags) or (beside.most is not None and len(flags) > beside.most)
        return self.wire.heard_news() or unasked

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

    def _told(self, listed: Raw, counted: Raw) -> tuple[Folder, ...]:
        """The tree of a LIST-STATUS answer; the one of last time when the server says the same, byte for byte."""
        answer = (tuple(listed), tuple(counted))
        kept = self.memory.tree
        if kept is None or kept[0] != answer:
            found = _folders(values(listed), told_subscribed=True)
            kept = self.memory.tree = (answer, *self._split(found, self._statuses(values(counted))))
        _answer, own, others = kept
        return (*own, *self._with_rights(others))

    def _named(self, found: list[Folder], counts: dict[str, dict[bytes, int]]) -> tuple[Folder, ...]:
        own, others = self._split(found, counts)
        return (*own, *self._with_rights(others))

    def _split(
        self, found: list[Folder], counts: dict[str, dict[bytes, int]]
    ) -> tuple[tuple[Folder, ...], list[Folder]]:
        """One's own folders, then those of others, each with its counts and in its order."""
        counted = [
            _counted(folder, known) if (known := counts.get(folder.name)) is not None else folder for folder in found
        ]
        if counts:
            self.memory.stamps = {folder.name: folder.stamp for folder in counted}
        split = [spaces.placed(folder, self.namespaces) for folder in counted]
        others = roles.in_order(folder for folder in split if folder.space != "own" and folder.owner)
        own = roles.assign([folder for folder in split if folder.space == "own"], prefix=self.personal_prefix)
        return own, others

    def _with_rights(self, others: list[Folder]) -> list[Folder]:
        """What one may do in folders that are not one's own: asked once for all of them, then remembered a while."""
        if not others or not self.wire.has("ACL"):
            return others
        now, known = time.monotonic(), self.memory.rights
        stale = [each.name for each in others if now - known.get(each.name, (-1e9, None))[0] > spaces.RIGHTS_SECONDS]
        if stale := stale[:MAX_STATUS]:
            self.wire.batch([("MYRIGHTS", arguments.folder(name)) for name in stale])
            told = spaces.rights(values(self.wire.untagged("MYRIGHTS")))
            known.update({name: (now, told.get(name)) for name in stale})
        return [replace(each, rights=known.get(each.name, (0.0, None))[1]) for each in others]

    @property
    def _quota_asked(self) -> list[tuple[str, ...]]:
        """The room that is left, asked for beside the tree from time to time."""
        kept = self.memory.quota
        due = kept is None or time.monotonic() - kept[0] > spaces.QUOTA_SECONDS
        return [("GETQUOTAROOT", '"INBOX"')] if due and self.wire.has("QUOTA") else []

    def _note_quota(self) -> None:
        if self._quota_asked:
            self.memory.quota = (time.monotonic(), spaces.quota(values(self.wire.untagged("QUOTA"))))

    @property
    def quota(self) -> Quota | None:
        """How full the mailbox was when the tree was last read; None when the server does not say."""
        return self.memory.quota[1] if self.memory.quota else None

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """Where one's own folders, those of others and those of nobody begin."""
        if self._spaces is None:
            told = values(self.wire.command("NAMESPACE", answers="NAMESPACE")) if self.wire.has("NAMESPACE") else []
            self._spaces = spaces.namespaces(told)
        return self._spaces

    @property
    def personal_prefix(self) -> str:
        """What the names of one's own folders begin with (`INBOX.` on some servers), by NAMESPACE."""
        return next((each.prefix for each in self.namespaces if each.kind == "own"), "")

    def folder_of(self, role: Role, *, near: str = "") -> Folder:
        """The folder that plays a role; it is created when the mailbox has none yet.

        `near`: a folder; when it belongs to another mailbox, that one's own folder comes first, if one may write there.
        """
        known = self.folders(counts=False)
        beside = next((each for each in known if each.name == near), None) if near else None
        if beside is not None and beside.space != "own":
            for folder in known:
                same = (folder.space, folder.owner, folder.purpose) == (beside.space, beside.owner, role)
                if same and folder.selectable and folder.may("lri"):
                    return folder
        for folder in known:
            if folder.role == role:
                return folder
        name = self.personal_prefix + roles.NAMES[role][0]
        self.wire.command("CREATE", arguments.folder(name), answers="CREATE")
        self.wire.command("SUBSCRIBE", arguments.folder(name), answers="SUBSCRIBE")
        return Folder(name=name, delimiter="", role=role)

    def state(self, folder: str, *, beside: Beside = ALONE) -> Folder:
        """The counts of one folder. Raises MailError("no_such_folder")."""
        if not all(self._asked(beside, [("STATUS", arguments.folder(folder), self._status)])):
            raise MailError("no_such_folder", folder)
        counts = self._statuses(values(self.wire.untagged("STATUS")))
        found = _counted(Folder(folder, "", ""), counts.get(folder, {}))
        self.memory.stamps[folder] = found.stamp
        return found


def _counted(folder: Folder, known: dict[bytes, int]) -> Folder:
    return replace(
        folder,
        total=known.get(b"MESSAGES", 0),
        unread=known.get(b"UNSEEN", 0),
        uidvalidity=known.get(b"UIDVALIDITY", 0),
        uidnext=known.get(b"UIDNEXT", 0),
        modseq=known.get(b"HIGHESTMODSEQ", 0),
    )


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
