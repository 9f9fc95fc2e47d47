"""Parts of a page of mail that depend only on what was read: written once, shown again until something changes.

Writing the fifty lines of a list takes longer than asking the mail server whether they are still true. A list is the
object that the mailbox's memory holds and validates at each visit: another one, and its lines are written anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from django.utils.translation import get_language
from markupsafe import Markup

from nomade.kernel.clock import today
from nomade.mail.reading.opening import Opened
from nomade.people.http import AgentRequest

#: Of one process, whoever they are for; the oldest ones go first.
MOST_CHARACTERS = 16_000_000
_guard = threading.Lock()
_kept: OrderedDict[Hashable, tuple[object, Markup]] = OrderedDict()
_size = 0


class _Key:
    """What a part shows; compared several times a page, hashed once."""

    __slots__ = ("_hash", "_shown")

    def __init__(self, *shown: Hashable) -> None:
        self._shown = shown
        self._hash = hash(shown)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._hash == other._hash and self._shown == other._shown


#: The tree is the same whichever message is open beside it.
_TREES = frozenset({"tree", "live"})


class Kept:
    """The parts of one page, by name; `also` is what else they show."""

    def __init__(self, request: AgentRequest, opened: Opened, *also: Hashable) -> None:
        # The page is held beside what was made of it: while it is, no other object can have its number.
        self._page = opened.page
        self._around = _Key(
            request.agent.pk,
            request.host_role,
            get_language(),
            today(),
            opened.wanted,
            tuple(place.folder for place in opened.places),
            opened.current,
            tuple((label.pk, label.keyword, label.name, label.colour) for label in opened.labels),
            opened.boxes,
            opened.quota,
            also,
        )
        self._whole = _Key(self._around, id(opened.page), opened.key)
        # Where a message can be put, whatever is unread there.
        self._targets = _Key(
            request.agent.pk,
            get_language(),
            opened.current.folder.name,
            tuple((f.name, f.role, f.purpose, f.owner, f.rights) for f in (place.folder for place in opened.places)),
        )

    def _named(self, part: str) -> Hashable:
        if part == "targets":
            return part, self._targets
        return part, self._around if part in _TREES else self._whole

    def get(self, part: str) -> Markup | None:
        """A part written before, if nothing that it shows has changed."""
        name = self._named(part)
        with _guard:
            found = _kept.get(name)
            if found is None:
                return None
            _kept.move_to_end(name)
            return found[1]

    def keep(self, part: str, written: Markup) -> Markup:
        """Remembers a part and gives it back. It must hold no token: it is shown again as it is."""
        global _size  # noqa: PLW0603  a sum beside the parts, both of the process
        name = self._named(part)
        with _guard:
            old = _kept.pop(name, None)
            _kept[name] = (self._page, written)
            _size += len(written) - (len(old[1]) if old else 0)
            while _size > MOST_CHARACTERS and len(_kept) > 1:
                _key, (_page, gone) = _kept.popitem(last=False)
                _size -= len(gone)
        return written
