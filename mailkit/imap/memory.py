"""What one process remembers of a mailbox: validated before each use, so that losing it is slower and never wrong."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mailkit.imap.types import Envelope, Folder, MessagePage, MessageRef, MessageView, Quota, Stamp

if TYPE_CHECKING:
    from mailkit.imap.index import FolderIndex
    from mailkit.imap.words import Lines

K = TypeVar("K")
V = TypeVar("V")
MOST_ENVELOPES = 2_000
MOST_PAGES = 40
MOST_LISTS = 12
MOST_VIEWS = 24
LARGEST_VIEW = 400_000
LISTED_SECONDS = 60.0


@dataclass
class Memory:
    """Envelopes, pages, lists of numbers and opened messages of one mailbox. Used by one thread at a time."""

    # Whose it is, for what is kept longer than a connection.
    mailbox: Hashable = field(default_factory=object)
    envelopes: OrderedDict[tuple[str, int, int], Envelope] = field(default_factory=OrderedDict)
    pages: OrderedDict[Hashable, tuple[Stamp, MessagePage]] = field(default_factory=OrderedDict)
    lists: OrderedDict[Hashable, tuple[Stamp, list[tuple[int, int]]]] = field(default_factory=OrderedDict)
    views: OrderedDict[MessageRef, MessageView] = field(default_factory=OrderedDict)
    # The state of each folder when the tree was last read.
    stamps: dict[str, Stamp] = field(default_factory=dict)
    folders: tuple[float, list[Folder]] | None = None
    # What the server said of the tree, then one's own folders and those of others as they were read from it.
    tree: tuple[object, tuple[Folder, ...], list[Folder]] | None = None
    rights: dict[str, tuple[float, str | None]] = field(default_factory=dict)
    quota: tuple[float, Quota | None] | None = None

    def envelope(self, ref: MessageRef) -> Envelope | None:
        """A line seen before; its flags may be old."""
        return self.envelopes.get((ref.folder, ref.uidvalidity, ref.uid))

    def keep_envelope(self, found: Envelope) -> None:
        """Remembers a line."""
        _keep(self.envelopes, (found.ref.folder, found.ref.uidvalidity, found.ref.uid), found, MOST_ENVELOPES)

    def page(self, key: Hashable, stamp: Stamp) -> MessagePage | None:
        """A page that is still true, by the state of its folder."""
        found = self.pages.get(key)
        return found[1] if found is not None and stamp.modseq and found[0] == stamp else None

    def keep_page(self, key: Hashable, stamp: Stamp, page: MessagePage) -> None:
        """Remembers a page."""
        _keep(self.pages, key, (stamp, page), MOST_PAGES)

    def below(self, ref: MessageRef, most: int) -> list[MessageRef]:
        """A message and those under it in a page that was shown."""
        for _stamp, page in reversed(self.pages.values()):
            refs = [each.ref for each in page.envelopes]
            if ref in refs:
                same = [each for each in refs if each.folder == ref.folder]
                return same[same.index(ref) :][:most]
        return [ref]

    def numbers(self, key: Hashable, stamp: Stamp) -> list[tuple[int, int]] | None:
        """The messages of a list in their order, with the size of their conversations, when still true."""
        found = self.lists.get(key)
        return found[1] if found is not None and stamp.modseq and found[0] == stamp else None

    def keep_numbers(self, key: Hashable, stamp: Stamp, numbers: list[tuple[int, int]]) -> None:
        """Remembers a list."""
        _keep(self.lists, key, (stamp, numbers), MOST_LISTS)

    def keep_view(self, view: MessageView) -> None:
        """Remembers an opened message, unless it is very long."""
        if len(view.text or "") + len(view.html or "") <= LARGEST_VIEW:
            _keep(self.views, view.ref, view, MOST_VIEWS)


def _keep(store: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    store[key] = value
    store.move_to_end(key)
    while len(store) > most:
        store.popitem(last=False)


class Indexes:
    """What every mailbox of the process knows of its headers, within one budget of messages; the oldest give way.

    It outlives a connection: a mailbox that is opened again within the hour finds it, and checks it.
    """

    def __init__(self, most: int = 400_000, seconds: float = 3_600.0) -> None:
        self._most = most
        self._seconds = seconds
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[Hashable, str, type], tuple[float, FolderIndex | Lines]] = OrderedDict()

    def rows(self, owner: Memory, folder: str) -> FolderIndex | None:
        """The rows of a folder, if there are some."""
        from mailkit.imap.index import FolderIndex

        found = self._of(owner, folder, FolderIndex)
        return found if isinstance(found, FolderIndex) else None

    def lines(self, owner: Memory, folder: str) -> Lines | None:
        """The lines of a folder, if there are some."""
        from mailkit.imap.words import Lines

        found = self._of(owner, folder, Lines)
        return found if isinstance(found, Lines) else None

    def _of(self, owner: Memory, folder: str, kind: type) -> FolderIndex | Lines | None:
        name = (owner.mailbox, folder, kind)
        with self._guard:
            found = self._kept.pop(name, None)
            if found is None or time.monotonic() - found[0] > self._seconds:
                return None
            self._kept[name] = (time.monotonic(), found[1])
            return found[1]

    def keep(self, folder: str, index: FolderIndex | Lines) -> None:
        """Adds or replaces what is known of a folder."""
        now = time.monotonic()
        with self._guard:
            name = (index.owner.mailbox, folder, type(index))
            self._kept[name] = (now, index)
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and (self._weight() > self._most or self._is_late(now)):
                self._kept.popitem(last=False)

    def _weight(self) -> float:
        return sum(len(each) * each.weight for _used, each in self._kept.values())

    def _is_late(self, now: float) -> bool:
        """Whether the one unused for longest has been so for too long."""
        return now - next(iter(self._kept.values()))[0] > self._seconds


INDEXES = Indexes()
