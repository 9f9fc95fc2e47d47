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


class Kept:
    """The parts of one page, by name; `also` is what else they show."""

    def __init__(self, request: AgentRequest, opened: Opened, *also: Hashable) -> None:
        # The page is held beside what was made of it: while it is, no other object can have its number.
        self._page = opened.page
        self._key = (
            request.agent.pk,
            request.host_role,
            get_language(),
            today(),
            id(opened.page),
            opened.key,
            opened.wanted,
            tuple(opened.places),
            opened.current,
            tuple((label.pk, label.keyword, label.name, label.colour) for label in opened.labels),
            opened.boxes,
            opened.quota,
            also,
        )

    def get(self, part: str) -> Markup | None:
        """A part written before, if nothing that it shows has changed."""
        with _guard:
            found = _kept.get((part, self._key))
            if found is None:
                return None
            _kept.move_to_end((part, self._key))
            return found[1]

    def keep(self, part: str, written: Markup) -> Markup:
        """Remembers a part and gives it back. It must hold no token: it is shown again as it is."""
        global _size  # noqa: PLW0603  a sum beside the parts, both of the process
        with _guard:
            old = _kept.pop((part, self._key), None)
            _kept[part, self._key] = (self._page, written)
            _size += len(written) - (len(old[1]) if old else 0)
            while _size > MOST_CHARACTERS and len(_kept) > 1:
                _key, (_page, gone) = _kept.popitem(last=False)
                _size -= len(gone)
        return written
