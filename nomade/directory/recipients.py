"""Whose an e-mail address is, and whom one may write to: what the directory tells the mail (`people.ports`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.directory.access import entries, found_entries, groups_of
from nomade.directory.models import ContactGroup, Entry, Favourite, UnitCard
from nomade.directory.words import query_of, searched_words
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.kernel.hosts import absolute_url
from nomade.people import ports
from nomade.people.folding import fold
from nomade.people.models import Agent, Delegation, OrgUnit
from nomade.people.ports import Colleague, Presence, Recipient, StandIn

_page = partial(absolute_url, "portal")
_CARD = "directory:person"
# How far the day of return of somebody who is absent is looked for.
RETURN_WITHIN = timedelta(days=35)


def people_at(addresses: Iterable[str]) -> dict[str, Colleague]:
    """Those of some addresses whom the directory shows, by the address as given."""
    asked = {address: address.strip().lower() for address in addresses}
    found = entries().filter(agent__login__in=set(asked.values()), agent__has_mailbox=True).with_people()
    by_login = {colleague.address.lower(): colleague for colleague in as_colleagues(list(found))}
    return {address: by_login[login] for address, login in asked.items() if login in by_login}


def pages_at(addresses: Iterable[str]) -> dict[str, str]:
    """The cards of those of some addresses whom the directory shows."""
    asked = {address.strip().lower() for address in addresses}
    if not asked:
        return {}
    since = today() - timedelta(days=settings.NOMADE.directory_leavers_days)
    rows = _shown_at.rows(logins=sorted(asked), since=since)
    return {login.lower(): _page(_CARD, agent) for login, agent in rows}


# Asked by each message that is opened.
_shown_at = Compiled(
    lambda logins, since: (
        Entry.objects.here_since(since)
        .filter(agent__login__in=within(logins, "text"), agent__has_mailbox=True)
        .values_list("agent__login", "agent_id")
    )
)


def as_colleagues(shown: list[Entry]) -> list[Colleague]:
    """Lines of the directory with today's presence, the day of return and who stands in: two questions for them all."""
    ids = [entry.agent_id for entry in shown]
    day = today()
    here = (ports.presence(ids, day, day + RETURN_WITHIN) or {}) if ids else {}
    stand_ins = _stand_ins(ids) if ids else {}
    return [
        Colleague(
            agent=entry.agent_id,
            name=entry.agent.full_name,
            initials=entry.agent.initials,
            address=entry.agent.mail_address,
            post=entry.post,
            unit=entry.unit.label if entry.unit else "",
            page=_page(_CARD, entry.agent_id),
            presence=None if entry.left_on else here.get(entry.agent_id, {}).get(day),
            back_on=None if entry.left_on else _back_on(here.get(entry.agent_id, {}), day),
            stand_ins=tuple(stand_ins.get(entry.agent_id, ())),
            has_left=entry.left_on is not None,
        )
        for entry in shown
    ]


def _back_on(days: dict[date, Presence], day: date) -> date | None:
    """The next day at work of somebody who is not there today."""
    if days.get(day) != "absent":
        return None
    return next((later for later in sorted(days) if later > day and days[later] != "absent"), None)


def _stand_ins(ids: list[int]) -> dict[int, list[StandIn]]:
    found: dict[int, list[StandIn]] = {}
    for given in Delegation.objects.on(today()).filter(giver__in=ids).select_related("receiver").order_by("pk"):
        other = given.receiver
        found.setdefault(given.giver_id, []).append(
            StandIn(other.full_name, other.mail_address, _page(_CARD, other.pk))
        )
    return found


def find_recipients(viewer: int, text: str, limit: int = 8) -> list[Recipient]:
    """Own groups first, then people, then shared mailboxes and units; with nothing typed, groups and favourites."""
    words = searched_words(text)
    if not words:
        kept = Favourite.objects.filter(owner=viewer, colleague=OuterRef("pk"))
        favourites = entries().filter(Exists(kept), left_on=None, agent__has_mailbox=True).with_people().by_name()
        return (_groups(viewer, []) + _people(list(favourites[:limit])))[:limit]
    units = _units_named(words, limit)
    here = [entry for entry in found_entries(text, limit + 1) if not entry.left_on and entry.agent.mail_address]
    people = _people(here)
    # People come first in number, but a unit that is typed is never pushed out by those who work there.
    groups = _groups(viewer, words)
    places = max(limit - len(groups) - len(units), (limit + 1) // 2)
    return (groups + people[:places] + units)[:limit]


def _people(shown: list[Entry]) -> list[Recipient]:
    return [
        Recipient(
            key=f"personne-{one.agent}",
            kind="person",
            label=one.name,
            detail=", ".join(filter(None, [one.post, one.unit])),
            addresses=((one.name, one.address),),
            page=one.page,
            colleague=one,
        )
        for one in as_colleagues(shown)
    ]


def _groups(viewer: int, words: list[str]) -> list[Recipient]:
    """The viewer's groups whose name has words that begin with those; few, so they are read and compared here."""
    return [
        _group(group)
        for group in groups_of(viewer)
        if all(any(part.startswith(word) for part in fold(group.name).split()) for word in words)
    ]


def _group(group: ContactGroup) -> Recipient:
    members: list[Agent] = group.present_members  # type: ignore[attr-defined]  # prefetched by groups_of
    return _several(f"groupe-{group.pk}", "group", group.name, members, _page("directory:group", group.pk))


def _several(key: str, kind: ports.RecipientKind, label: str, people: list[Agent], page: str) -> Recipient:
    reached = tuple((agent.full_name, agent.mail_address) for agent in people if agent.mail_address)
    count = ngettext("%(num)s adresse", "%(num)s adresses", len(reached)) % {"num": len(reached)}
    whole = _("Unité et ses rattachements") if kind == "unit" else _("Mon groupe")
    return Recipient(key, kind, label, f"{whole}, {count}", reached, page, unreachable=len(people) - len(reached))


def _units_named(words: list[str], limit: int) -> list[Recipient]:
    asked = SearchQuery(query_of(words), search_type="raw", config="simple")
    found = OrgUnit.objects.existing(today()).filter(directory_entry__words=asked).select_related("directory_entry")
    units = list(found.order_by("path")[:limit])
    boxes = UnitCard.objects.filter(unit__in=units).exclude(mailbox="")
    mailboxes = {card.unit_id: card.mailbox for card in boxes} if units else {}
    recipients: list[Recipient] = []
    for unit in units:
        if unit.pk in mailboxes:
            recipients.append(_mailbox(unit, mailboxes[unit.pk]))
        if 0 < unit.directory_entry.reachable <= settings.NOMADE.directory_unit_recipients:
            recipients.append(_branch(unit))
        if len(recipients) >= limit // 2:
            break
    return recipients[: max(limit // 2, 1)]


def _mailbox(unit: OrgUnit, address: str) -> Recipient:
    page = _page("directory:unit", unit.path)
    return Recipient(f"boite-{unit.pk}", "mailbox", unit.label, _("Boîte partagée"), ((unit.label, address),), page)


def _branch(unit: OrgUnit) -> Recipient:
    """Everybody of a unit and of those below it who is here."""
    inside = Q(unit__path=unit.path) | Q(unit__path__startswith=f"{unit.path}/")
    here = entries().filter(inside, left_on=None).select_related("agent").by_name()
    people = [entry.agent for entry in here[: 10 * settings.NOMADE.directory_unit_recipients + 1]]
    return _several(f"unite-{unit.pk}", "unit", unit.label, people, _page("directory:unit", unit.path))


def recipient(viewer: int, key: str) -> Recipient | None:
    """What a key names for an agent; None for what is unknown, somebody else's, gone, or more people than allowed."""
    kind, _dash, number = key.partition("-")
    read = _BY_KIND.get(kind)
    return read(viewer, int(number)) if read and number.isascii() and number.isdigit() and len(number) < 19 else None


def _person_of(viewer: int, number: int) -> Recipient | None:
    found = entries().filter(pk=number, left_on=None, agent__has_mailbox=True).with_people()
    return next(iter(_people(list(found))), None)


def _group_of(viewer: int, number: int) -> Recipient | None:
    return next((_group(group) for group in groups_of(viewer).filter(pk=number)), None)


def _unit_of(viewer: int, number: int) -> Recipient | None:
    unit = OrgUnit.objects.existing(today()).select_related("directory_entry").filter(pk=number).first()
    if unit is None or not hasattr(unit, "directory_entry"):
        return None
    return _branch(unit) if 0 < unit.directory_entry.reachable <= settings.NOMADE.directory_unit_recipients else None


def _mailbox_of(viewer: int, number: int) -> Recipient | None:
    unit = OrgUnit.objects.existing(today()).select_related("card").filter(pk=number, card__isnull=False).first()
    return _mailbox(unit, unit.card.mailbox) if unit and unit.card.mailbox else None


_BY_KIND: dict[str, Callable[[int, int], Recipient | None]] = {
    "personne": _person_of,
    "groupe": _group_of,
    "unite": _unit_of,
    "boite": _mailbox_of,
}
