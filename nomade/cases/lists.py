"""Lists of a desk: short, in order, and as fast on the two hundred thousandth case as on the first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from nomade.cases.searching import asked_for, query, written
from nomade.kernel.compiled import Compiled

PAGE = 50
RARE = 1000
# One run of a chase holds few locks; what is left is for the next one, minutes later.
AT_ONCE = 500
_SIGNER = Signer(salt="support.page")
_REFERENCE = re.compile(r"\s*(C-\d{4}-\d{6})\s*", re.IGNORECASE)
Case = TypeVar("Case", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


@dataclass(frozen=True)
class Page(Generic[Case]):
    """One page of cases, and where the next one starts (empty at the end)."""

    rows: list[Case]
    after: str


def page_of(cases: QuerySet[Case], field: str, *, newest: bool, after: str, size: int | None = None) -> Page[Case]:
    """One page ordered by a field (a day or a moment) then by key, from where the one before ended."""
    size = size or PAGE
    sign, step = ("-", "lt") if newest else ("", "gt")
    ordered = cases.order_by(f"{sign}{field}", f"{sign}pk")
    start = _read_cursor(after)
    if start is not None:
        moment, key = start
        further = Q(**{f"{field}__{step}": moment}) | Q(**{field: moment, f"pk__{step}": key})
        # The first condition alone lets the index start at the right place.
        ordered = ordered.filter(Q(**{f"{field}__{step}e": moment}), further)
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], _SIGNER.sign(f"{getattr(last, field).isoformat()}~{last.pk}"))


def _read_cursor(after: str) -> tuple[date | datetime, uuid.UUID] | None:
    try:
        moment, _tilde, key = _SIGNER.unsign(after).partition("~")
        return (datetime if "T" in moment else date).fromisoformat(moment), uuid.UUID(key)
    except (BadSignature, ValueError):  # the first page: nothing was asked, or nothing of ours
        return None


def matching(cases: Rows, typed: str) -> Rows:
    """The cases that hold every word, or the one of this number; they have a column `search`."""
    number = _REFERENCE.fullmatch(typed.strip())
    if number:
        return cases.filter(reference=number[1].upper())
    wanted = query(typed)
    return cases.filter(search=wanted) if wanted is not None else cases.none()


class OwnFound(Generic[Case]):
    """The latest of one's own cases that hold every word typed, or the one of this number, for the portal's search."""

    def __init__(self, model: type[Case], most: int) -> None:
        cases = model._default_manager.order_by("-submitted_at", "-id")  # noqa: SLF001  # public, whatever its underscore
        self._holding: Compiled[Case] = Compiled(
            lambda owner, asked: cases.filter(owner_id=owner, search=asked_for(asked))[:most]
        )
        self._numbered: Compiled[Case] = Compiled(
            lambda owner, reference: cases.filter(owner_id=owner, reference=reference)[:most]
        )

    def of(self, owner: int, typed: str) -> list[Case]:
        """Those of this agent; none without a word."""
        number = _REFERENCE.fullmatch(typed.strip())
        if number:
            return self._numbered.rows(owner=owner, reference=number[1].upper())
        asked = written(typed)
        return self._holding.rows(owner=owner, asked=asked) if asked else []


def searched(cases: Rows, typed: str) -> Rows:
    """The same among the cases of everybody, however many there are."""
    found = matching(cases, typed)
    if _REFERENCE.fullmatch(typed.strip()):
        return found
    # A rare word would be looked for in every case, the newest first: its few cases are listed first instead. One that
    # is in more of them than this is met soon enough on the way.
    few = list(found.order_by().values_list("pk", flat=True)[: RARE + 1])
    return found if len(few) > RARE else cases.filter(pk__in=few)


def each_locked(found: QuerySet[Case], act: Callable[[Case, datetime], None], moment: datetime) -> int:
    """Acts on each case in a transaction of its own, passing over those that somebody is writing to; how many."""
    count = 0
    for key in found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            case = found.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if case is not None:
                act(case, moment)
                count += 1
    return count
