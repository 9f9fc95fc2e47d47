"""What the address of a list says: which folder, in which order, what of it, which page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from mailkit.imap import Criteria, Listing
from mailkit.imap.listing import Order
from mailkit.imap.roles import fold
from nomade.mail.access import INBOX
from nomade.mail.models import Label
from nomade.mail.reading.query import Asked, understand
from nomade.people.models import Agent

ORDERS: dict[str, Order] = {
    "": "arrival",
    "date": "date",
    "de": "from",
    "a": "to",
    "objet": "subject",
    "taille": "size",
}
QUICK = ("nonlus", "suivis", "pieces", "moi")
PAGE_SIZE = 50
# Names in addresses, by field; what has its default value is left out.
_NAMES = {"folder": "dossier", "number": "page", "anchor": "apres", "order": "tri", "upward": "sens", "quick": "filtre",
          "label": "etiquette", "typed": "q", "threaded": "fil"}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A list, as its address names it."""

    folder: str = INBOX
    number: int = 1
    anchor: int = 0
    order: str = ""
    upward: bool = False
    quick: str = ""
    label: str = ""
    typed: str = ""
    threaded: bool | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        """Reads an address; anything odd is left out."""
        return cls.read(request.GET)

    @classmethod
    def read(cls, given: QueryDict) -> Wanted:
        """Reads the values of an address or of a form."""
        order, quick = given.get("tri", ""), given.get("filtre", "")
        return cls(
            folder=given.get("dossier", "") or INBOX,
            number=max(1, _number(given.get("page", ""))),
            anchor=_number(given.get("apres", "")),
            order=order if order in ORDERS else "",
            upward=given.get("sens") == "1",
            quick=quick if quick in QUICK else "",
            label=given.get("etiquette", "")[:60],
            typed=given.get("q", "").strip()[:500],
            threaded={"1": True, "0": False}.get(given.get("fil", "")),
        )

    def query(self, **changes: Any) -> str:
        """The end of an address; a list that changes begins again at its first page."""
        if changes and not changes.keys() & {"number", "anchor"}:
            changes |= {"number": 1, "anchor": 0}
        wanted = replace(self, **changes)
        values = {
            _NAMES[field.name]: _written(value)
            for field in fields(wanted)
            if (value := getattr(wanted, field.name)) != field.default
        }
        return "?" + urlencode(values) if values else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether only a part of the folder is shown."""
        return bool(self.quick or self.label or self.typed)

    @property
    def understood(self) -> Asked:
        """The search that was typed."""
        return understand(self.typed)

    def criteria(self, agent: Agent) -> Criteria:
        """What a message must be to be in the list."""
        found = self.understood.criteria
        if self.quick == "nonlus":
            found = replace(found, unread=True)
        elif self.quick == "suivis":
            found = replace(found, flagged=True)
        elif self.quick == "pieces":
            found = replace(found, attachment=True)
        elif self.quick == "moi":
            found = replace(found, recipients=(*found.recipients, agent.mail_address))
        named = label_named(Label.all_of(agent), self.understood.label) if self.understood.label else None
        found = replace(found, keyword=named.keyword) if named else found
        return replace(found, keyword=self.label) if self.label else found

    def listing(self, agent: Agent, *, threaded: bool = False) -> Listing:
        """The list, for the mail server."""
        return Listing(
            folder=self.folder,
            order=ORDERS[self.order],
            ascending=self.upward,
            threaded=(threaded if self.threaded is None else self.threaded) and self.order == "",
            criteria=self.criteria(agent),
            number=self.number,
            anchor=self.anchor,
            size=PAGE_SIZE,
        )


def label_named(labels: Iterable[Label], name: str) -> Label | None:
    """The label that « étiquette: » names, by its name or its keyword, however accented."""
    return next((each for each in labels if fold(name) in (fold(each.name), each.keyword.lower())), None)


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 11 else 0


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
