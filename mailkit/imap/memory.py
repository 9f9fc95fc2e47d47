"""What one process remembers of a mailbox: validated before each use, so that losing it is slower and never wrong."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mailkit.imap.types import Envelope, Folder, MessagePage, MessageRef, MessageView, Quota, Stamp

if TYPE_CHECKING:
    from mailkit.imap.index import FolderIndex

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

    envelopes: OrderedDict[tuple[str, int, int], Envelope] = field(default_factory=OrderedDict)
    pages: OrderedDict[Hashable, tuple[Stamp, MessagePage]] = field(default_factory=OrderedDict)
    lists: OrderedDict[Hashable, tuple[Stamp, list[tuple[int, int]]]] = field(default_factory=OrderedDict)
    views: OrderedDict[MessageRef, MessageView] = field(default_factory=OrderedDict)
    folders: tuple[float, list[Folder]] | None = None
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
    """The indexes of headers of every mailbox of the process, within one budget of messages; the oldest give way."""

    def __init__(self, most: int = 400_000) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[int, str], FolderIndex] = OrderedDict()

    def of(self, owner: Memory, folder: str) -> FolderIndex | None:
        """The index of a folder, if there is one."""
        with self._guard:
            found = self._kept.get((id(owner), folder))
            if found is not None and found.owner is owner:
                self._kept.move_to_end((id(owner), folder))
                return found
            return None

    def keep(self, folder: str, index: FolderIndex) -> None:
        """Adds or replaces an index."""
        with self._guard:
            self._kept[id(index.owner), folder] = index
            self._kept.move_to_end((id(index.owner), folder))
            while len(self._kept) > 1 and sum(len(each) for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)


INDEXES = Indexes()
