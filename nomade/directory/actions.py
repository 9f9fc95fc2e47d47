"""What writes the directory: its lines, made from people's rows, and what agents and offices choose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from nomade.directory.models import Entry, Favourite, UnitCard, Visibility
from nomade.directory.words import national, sounds_of, words_of
from nomade.kernel import audit
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


@transaction.atomic
def keep_favourite(owner: Agent, colleague: Agent, *, kept: bool) -> None:
    """Puts a colleague among one's favourites, or takes them off; doing it twice changes nothing more."""
    if not kept:
        Favourite.objects.filter(owner=owner, colleague=colleague).delete()
    elif owner.pk != colleague.pk:
        Favourite.objects.get_or_create(owner=owner, colleague=colleague)


@transaction.atomic
def choose_visibility(agent: Agent, *, shows_mobile: bool, request: HttpRequest) -> None:
    """Shows or hides one's mobile number to colleagues."""
    Visibility.objects.update_or_create(agent=agent, defaults={"shows_mobile": shows_mobile})
    audit.record("directory.visibility", actor=agent.pk, subject=agent.pk, request=request, shows_mobile=shows_mobile)


@transaction.atomic
def write_unit_card(unit: OrgUnit, card: UnitCard, *, by: Agent, request: HttpRequest) -> None:
    """Keeps how to reach a unit."""
    card.unit = unit
    card.save()
    audit.record("directory.unit_card", actor=by.pk, subject=None, request=request, unit=unit.path)
