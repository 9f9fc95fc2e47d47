"""What makes the lines of the directory, from people's rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from nomade.directory.models import Entry, UnitEntry
from nomade.directory.words import national, sounds_of, words_of
from nomade.kernel.clock import today
from nomade.people.models import Agent, Assignment, OrgUnit

_BATCH = 2000
_WRITTEN = ("unit_id", "post", "place", "sort_name", "left_on", "names", "words", "made_from")


@dataclass(frozen=True)
class Refreshed:
    """How many lines were written anew, and how many went."""

    written: int
    removed: int


@transaction.atomic
def refresh() -> Refreshed:
    """Makes each line again from the agent's file of today, and writes those that differ. Safe to run twice."""
    day = today()
    known = dict(Entry.objects.values_list("pk", "made_from"))
    changed: list[Entry] = []
    written = 0
    for entry in _lines(day):
        if known.pop(entry.agent_id, None) != entry.made_from:
            changed.append(entry)
        if len(changed) >= _BATCH:
            written += _write(changed)
            changed = []
    written += _write(changed)
    removed, _ = Entry.objects.filter(pk__in=list(known)).delete()
    _refresh_units(day)
    return Refreshed(written, removed)


def _write(entries: list[Entry]) -> int:
    Entry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["agent"], update_fields=[f.removesuffix("_id") for f in _WRITTEN]
    )
    return len(entries)


def _lines(day: date) -> Iterator[Entry]:
    """Those who have entered, with the place they have today, or had on their last day."""
    places = _places(day)
    columns = ("pk", "first_name", "usage_name", "last_name", "sort_name", "login", "phone", "exit_date")
    agents = Agent.objects.filter(entry_date__lte=day).order_by("pk").values_list(*columns)
    for pk, first, usage, last, sort_name, login, phone, leaving in agents.iterator(_BATCH):
        unit, label, path, post, place = places.get(pk, (None, "", "", "", ""))
        names = words_of(f"{first} {usage} {last}")
        others = words_of(f"{login.partition('@')[0]} {post} {label} {path} {place}")
        left_on = leaving if leaving and leaving < day else None
        entry = Entry(
            agent_id=pk,
            unit_id=unit,
            post=post,
            place=place,
            sort_name=sort_name,
            left_on=left_on,
            names=" ".join([*names, *sounds_of(names)]),
            words=" ".join(dict.fromkeys([*names, *others, *filter(None, [national(phone)])])),
        )
        facts = repr([getattr(entry, name) for name in _WRITTEN if name != "made_from"])
        entry.made_from = hashlib.blake2s(facts.encode(), digest_size=16).hexdigest()
        yield entry


def _places(day: date) -> dict[int, tuple[Any, ...]]:
    """By agent: unit, its label and path, post and place of the last main assignment begun."""
    begun = Assignment.objects.filter(is_main=True, valid_from__lte=day).order_by("agent_id", "valid_from")
    rows = begun.values_list("agent_id", "unit_id", "unit__label", "unit__path", "post", "place")
    return {agent: place for agent, *place in rows.iterator(_BATCH)}  # the last one stays


def _refresh_units(day: date) -> None:
    """One line a unit that exists: its words, and how many people of its branch have a professional address."""
    reachable: Counter[str] = Counter()
    here = Agent.objects.present(day).filter(has_mailbox=True, login__contains="@")
    placed = Entry.objects.filter(agent__in=here, unit__isnull=False)
    for path in placed.values_list("unit__path", flat=True).iterator(_BATCH):
        codes = path.split("/")
        reachable.update("/".join(codes[:depth]) for depth in range(1, len(codes) + 1))
    units = list(OrgUnit.objects.existing(day).values_list("pk", "label", "path"))
    lines = [
        UnitEntry(unit_id=pk, words=" ".join(words_of(f"{label} {path}")), reachable=reachable[path])
        for pk, label, path in units
    ]
    UnitEntry.objects.exclude(pk__in=[pk for pk, _label, _path in units]).delete()
    UnitEntry.objects.bulk_create(
        lines, _BATCH, update_conflicts=True, unique_fields=["unit"], update_fields=["words", "reachable"]
    )
