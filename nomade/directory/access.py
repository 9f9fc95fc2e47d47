"""Who may be found, and by whom: every agent who is signed in sees the directory; each chooses their mobile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.functions import Length
from django.http import Http404

from nomade.directory.models import ContactGroup, Entry, EntryQuerySet, Favourite, UnitCard, Visibility
from nomade.directory.words import query_of, searched_words, sounds_of
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.people import ports
from nomade.people.access import has_role, main_assignment
from nomade.people.models import Agent, Delegation, OrgUnit
from nomade.people.roles import Role

#: Lines of one answer; a longer list is not read, one types a letter more.
SHOWN = 30
UNITS_SHOWN = 4


@dataclass(frozen=True)
class Found:
    """The lines of an answer; `alike` when only names that sound like it were found, `more` when there are others."""

    entries: list[Entry]
    more: bool
    alike: bool
    homonyms: frozenset[str]


def entries() -> EntryQuerySet:
    """Every line that may be shown."""
    return Entry.objects.shown(today(), settings.NOMADE.directory_leavers_days)


def search(text: str, *, limit: int = SHOWN) -> Found:
    """The lines whose words begin with what is typed: names first; then post, unit, place, telephone; then sounds."""
    words = searched_words(text)
    if not words:
        return Found([], more=False, alike=False, homonyms=frozenset())
    found = _named_or_heard(words)[: limit + 1]
    alike = not any(entry.holds for entry in found)  # type: ignore[attr-defined]
    return Found(found[:limit], more=len(found) > limit, alike=alike, homonyms=_homonyms(found[:limit]))


def found_entries(text: str, limit: int) -> list[Entry]:
    """The first lines for what is typed, names that sound like it when there is no other."""
    words = searched_words(text)
    return _named_or_heard(words)[:limit] if words else []


def _since() -> date:
    """The day that who left must have been here on to be shown still."""
    return today() - timedelta(days=settings.NOMADE.directory_leavers_days)


def _matching(asked: str, since: date) -> EntryQuerySet:
    words = SearchQuery(asked, search_type="raw", config="simple")
    named = Case(When(names=words, then=0), default=1, output_field=IntegerField())
    return Entry.objects.here_since(since).filter(words=words).order_by(named, "sort_name", "agent_id")


def _read(keys: QuerySet[Entry, Any], asked: str) -> EntryQuerySet:
    """A common name is carried by a thousand people: only those shown are read with their unit."""
    words = SearchQuery(asked, search_type="raw", config="simple")
    order = Case(When(names=words, then=0), default=1, output_field=IntegerField())
    holds = Case(When(words=words, then=True), default=False)
    return (
        Entry.objects.filter(pk__in=keys).with_people().annotate(holds=holds).order_by(order, "sort_name", "agent_id")
    )


def _named(asked: str, since: date) -> EntryQuerySet:
    return _read(_matching(asked, since).values("pk")[: SHOWN + 1], asked)


def _either(asked: str, sounds: str, since: date) -> EntryQuerySet:
    """In one statement: who is named so, or, when there is nobody, those whose name sounds alike."""
    matching = _matching(asked, since)
    heard = SearchQuery(sounds, search_type="raw", config="simple")
    alike = Entry.objects.here_since(since).filter(~Exists(matching), names=heard).by_name()
    named_so, sounding = matching.values("pk")[: SHOWN + 1], alike.values("pk")[: SHOWN + 1]
    return _read(named_so.union(sounding, all=True), asked)


_NAMED: Compiled[Entry] = Compiled(_named)
_EITHER: Compiled[Entry] = Compiled(_either)


def _named_or_heard(words: list[str]) -> list[Entry]:
    asked, sounds = query_of(words), sounds_of(words)
    if len(sounds) < len(words):
        return _NAMED.rows(asked=asked, since=_since())
    return _EITHER.rows(asked=asked, sounds=query_of(sounds), since=_since())


def units_named(text: str, *, limit: int = UNITS_SHOWN) -> list[OrgUnit]:
    """The units whose name or code has, for each word typed, a word that begins with it; the widest first."""
    words = searched_words(text)
    if not words:
        return []
    found = OrgUnit.objects.existing(today()).filter(directory_entry__words=_asked(words)).select_related("head")
    return list(found.order_by(Length("path"), "label")[:limit])


def _asked(words: list[str]) -> SearchQuery:
    return SearchQuery(query_of(words), search_type="raw", config="simple")


def _homonyms(found: Iterable[Entry]) -> frozenset[str]:
    """The names that more than one of these lines carries."""
    counted = Counter(entry.sort_name for entry in found)
    return frozenset(name for name, count in counted.items() if count > 1)


def entry_of(agent_id: int, among: EntryQuerySet | None = None) -> Entry:
    """One line. Raises Http404 for who never was here or left too long ago."""
    entry = (entries() if among is None else among).with_people().filter(pk=agent_id).first()
    if entry is None:
        raise Http404
    return entry


@dataclass(frozen=True)
class PersonCard:
    """What a person's page shows."""

    entry: Entry
    above: list[OrgUnit]
    supervisor: Agent | None
    presence: ports.Presence | None
    stand_ins: list[Agent]
    mobile: str
    is_favourite: bool
    has_homonym: bool


def person_card(viewer: Agent, agent_id: int) -> PersonCard:
    """A person's card as any colleague sees it. Presence says present, absent or telework, and never why."""
    entry = _SEEN.first(viewer=viewer.pk, agent=agent_id, since=_since())
    if entry is None:
        raise Http404
    agent, day = entry.agent, today()
    above = units_above(entry.unit)
    known = ports.presence([agent.pk], day, day) or {}
    return PersonCard(
        entry=entry,
        above=above,
        supervisor=_supervisor(agent, above),
        presence=known.get(agent.pk, {}).get(day),
        stand_ins=[given.receiver for given in _STAND_INS.rows(giver=agent.pk, day=day)],
        mobile=agent.mobile if entry.shows_mobile or viewer.pk == agent.pk else "",  # type: ignore[attr-defined]
        is_favourite=entry.is_favourite,  # type: ignore[attr-defined]
        has_homonym=entry.has_homonym,  # type: ignore[attr-defined]
    )


def _seen_by(viewer: int, agent: int, since: date) -> EntryQuerySet:
    """A line with what depends on who looks, in the same query."""
    here = Entry.objects.here_since(since)
    lines = here.annotate(
        shows_mobile=Exists(Visibility.objects.filter(pk=OuterRef("pk"), shows_mobile=True)),
        is_favourite=Exists(Favourite.objects.filter(owner_id=viewer, colleague=OuterRef("pk"))),
        has_homonym=Exists(here.filter(sort_name=OuterRef("sort_name")).exclude(pk=OuterRef("pk"))),
    )
    return lines.with_people().filter(pk=agent)


_SEEN: Compiled[Entry] = Compiled(_seen_by)


def _supervisor(agent: Agent, above: list[OrgUnit]) -> Agent | None:
    """Who supervises: the one that the assignment names, else the nearest head (the rule of `supervisor_of`)."""
    assignment = main_assignment(agent)
    if assignment and assignment.supervisor_id and assignment.supervisor_id != agent.pk:
        return assignment.supervisor
    return next((unit.head for unit in reversed(above) if unit.head_id and unit.head_id != agent.pk), None)


def stand_ins_of(agent: Agent) -> QuerySet[Delegation]:
    """Who decides in somebody's place today."""
    held: QuerySet[Delegation] = Delegation.objects.on(today()).filter(giver=agent).select_related("receiver")
    return held


_STAND_INS: Compiled[Delegation] = Compiled(
    lambda giver, day: Delegation.objects.on(day).filter(giver_id=giver).select_related("receiver")
)


def favourites_of(agent: Agent) -> list[Entry]:
    """The colleagues an agent keeps at hand, by name."""
    kept = Favourite.objects.filter(owner=agent, colleague=OuterRef("pk"))
    return list(entries().filter(Exists(kept)).with_people().by_name())


def groups_of(agent_id: int) -> QuerySet[ContactGroup]:
    """The groups of an agent, by name, each with those members who are still here as `present_members`."""
    here = Agent.objects.present(today()).order_by("sort_name")
    own: QuerySet[ContactGroup] = ContactGroup.objects.filter(owner=agent_id)
    return own.prefetch_related(Prefetch("members", queryset=here, to_attr="present_members")).order_by("name")


def group_of(agent: Agent, group_id: int) -> ContactGroup:
    """One of an agent's own groups. Raises Http404: absent and somebody else's look the same."""
    group = ContactGroup.objects.select_related("owner").filter(owner=agent, pk=group_id).first()
    if group is None:
        raise Http404
    return group


def members_of_group(group: ContactGroup) -> list[Entry]:
    """The lines of a group's members, those who left marked, by name."""
    return list(entries().filter(agent__in=group.members.all()).with_people().by_name())


def own_unit(agent: Agent) -> OrgUnit | None:
    """The unit of an agent's main assignment."""
    assignment = main_assignment(agent)
    return assignment.unit if assignment else None


def unit_at(path: str) -> OrgUnit:
    """A unit that exists today, by its path. Raises Http404."""
    unit = OrgUnit.objects.existing(today()).filter(path=path).select_related("head", "parent").first()
    if unit is None:
        raise Http404
    return unit


def units_above(unit: OrgUnit | None) -> list[OrgUnit]:
    """The units from the top down to this one, itself included."""
    if unit is None:
        return []
    codes = unit.path.split("/")
    paths = ["/".join(codes[:depth]) for depth in range(1, len(codes) + 1)]
    return sorted(_UNITS.rows(paths=paths), key=lambda above: len(above.path))


_UNITS: Compiled[OrgUnit] = Compiled(
    lambda paths: OrgUnit.objects.filter(path__in=within(paths, "text")).select_related("head")
)


def units_below(unit: OrgUnit | None) -> QuerySet[OrgUnit]:
    """The units just below one, or the top ones; each with its head and the number of units of its own."""
    existing = OrgUnit.objects.existing(today()).filter(parent=unit)
    today_open = Q(children__valid_to__isnull=True) | Q(children__valid_to__gte=today())
    return existing.select_related("head").annotate(below=Count("children", filter=today_open)).order_by("label")


def members_of(unit: OrgUnit) -> EntryQuerySet:
    """Those who are assigned to the unit itself, by name."""
    return entries().filter(unit=unit).with_people().by_name()


def card_of(unit: OrgUnit) -> UnitCard:
    """How to reach a unit; an empty card when nobody has written it."""
    return UnitCard.objects.select_related("deputy").filter(pk=unit.pk).first() or UnitCard(unit=unit)


def may_edit(agent: Agent, unit: OrgUnit) -> bool:
    """The HR office and the editors whose perimeter holds the unit."""
    return has_role(agent, Role.HR_OFFICER, unit) or has_role(agent, Role.EDITOR, unit)


def editable_unit(agent: Agent, path: str) -> OrgUnit:
    """A unit whose card an agent may edit. Raises Http404: absent and forbidden look the same."""
    unit = unit_at(path)
    if not may_edit(agent, unit):
        raise Http404
    return unit


def visibility_of(agent: Agent) -> Visibility:
    """What an agent has chosen to show."""
    return Visibility.objects.filter(pk=agent.pk).first() or Visibility(agent=agent)
