"""Who « À » proposes: one's contacts and groups, those written to lately, then the directory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from nomade.kernel.clock import today
from nomade.mail.models import Contact, ContactGroup, Correspondent, Written
from nomade.mail.writing.choices import is_inside
from nomade.mail.writing.letters import typed
from nomade.people import ports
from nomade.people.folding import fold
from nomade.people.models import Agent
from nomade.ui.filters import day_month, short_date

MOST = 8


@dataclass(frozen=True)
class Found:
    """A line of the list: what is shown, and what is put in the field."""

    name: str
    detail: str
    value: str
    kind: str  # contact, group, recent, agent, unit, mailbox, typed
    outside: bool = False
    absence: str = ""
    substitute: str = ""
    substitute_value: str = ""


def find(agent: Agent, asked: str) -> list[Found]:
    """The people and groups that a few letters may mean, the likeliest first."""
    asked = fold(asked.strip())
    if len(asked) < 2:
        return []
    own = [*_groups(agent, asked), *_contacts(agent, asked), *_recent(agent, asked)]
    colleagues = [_recipient(one) for one in ports.find_recipients(agent.pk, asked, MOST)]
    # Somebody of the house who was written to lately comes first, with what the directory says of them.
    known = {_email(line.value): line for line in colleagues if line.kind == "agent"}
    kept: dict[str, Found] = {}
    for line in [*own, *colleagues]:
        key = line.value.lower() if line.kind in ("group", "unit") else _email(line.value)
        kept.setdefault(key, known.get(key, line))
    return _with_people(list(kept.values())[:MOST])


def _recipient(one: ports.Recipient) -> Found:
    """A person, a group or a unit of the directory."""
    value = typed(tuple(Address(name, email) for name, email in one.addresses))
    if one.kind == "person" and one.colleague is not None:
        return _colleague(one.colleague, value)
    kind = {"group": "group", "unit": "unit", "mailbox": "mailbox"}.get(one.kind, "agent")
    return Found(one.label, one.detail, value, kind)


def _colleague(colleague: ports.Colleague, value: str) -> Found:
    substitute = colleague.stand_ins[0] if colleague.presence == "absent" and colleague.stand_ins else None
    away = _away(colleague) if colleague.presence == "absent" else ""
    return Found(
        colleague.name,
        " · ".join(filter(None, [colleague.post, colleague.unit])) or colleague.address,
        value,
        "agent",
        absence=_("A quitté la collectivité") if colleague.has_left else away,
        substitute=substitute.name if substitute else "",
        substitute_value=typed((Address(substitute.name, substitute.address),)) if substitute else "",
    )


def _away(colleague: ports.Colleague) -> str:
    """What to know of somebody who is absent: until when, as far as it is known."""
    if colleague.back_on is None:
        return _("Absent")
    if colleague.back_on.year == today().year:
        return _("Absent, de retour le %(day)s") % {"day": day_month(colleague.back_on)}
    return _("Absent, de retour le %(day)s") % {"day": short_date(colleague.back_on)}


def _with_people(lines: list[Found]) -> list[Found]:
    """Who was found among one's contacts or lately written to, with what the directory says of them."""
    wanted = [_email(line.value) for line in lines if line.kind in ("contact", "recent") and not line.outside]
    people = ports.people_at(wanted) if wanted else {}
    return [
        replace(_colleague(people[_email(line.value)], line.value), kind=line.kind)
        if line.kind in ("contact", "recent") and _email(line.value) in people
        else line
        for line in lines
    ]


def about(agent: Agent, typed_people: str) -> list[Found]:
    """What is to be known of people before writing to them: from outside, away until when, replaced by whom."""
    people = addresses.split_typed(typed_people)[0][:50]
    known = ports.people_at(person.email for person in people)
    return [
        _colleague(known[person.email], typed((person,)))
        if person.email in known
        else Found(person.label, person.email, typed((person,)), "typed", outside=not is_inside(person.email))
        for person in people
    ]


def added(written: Written, chosen: Iterable[str], field: str) -> Written:
    """The letter with people added to a field, once each."""
    name = field if field in ("to", "cc", "bcc") else "to"
    there = addresses.split_typed(getattr(written, name))[0]
    more = [person for value in list(chosen)[:50] for person in addresses.split_typed(value[:5000])[0]]
    known = {person.email.lower() for person in there}
    everyone = [*there, *(person for person in more if person.email.lower() not in known)]
    return replace(written, **{name: typed(tuple(everyone))})  # type: ignore[arg-type]  # one of three texts


def _email(value: str) -> str:
    good, _bad = addresses.split_typed(value)
    return good[0].email.lower() if good else value.lower()


def _contacts(agent: Agent, asked: str) -> list[Found]:
    matching = Contact.objects.of(agent).filter(search_name__contains=asked)[:MOST]
    return [
        Found(
            contact.name or contact.email,
            " · ".join(filter(None, [contact.email, contact.organisation])),
            typed((Address(contact.name, contact.email),)),
            "contact",
            outside=not is_inside(contact.email),
        )
        for contact in matching
    ]


def _groups(agent: Agent, asked: str) -> list[Found]:
    found = []
    groups = ContactGroup.objects.filter(agent=agent, search_name__contains=asked).prefetch_related("members")[:3]
    for group in groups:
        members = list(group.members.all())
        if members:
            value = typed(tuple(Address(member.name, member.email) for member in members))
            outside = not all(is_inside(member.email) for member in members)
            count = ngettext("%(n)s personne", "%(n)s personnes", len(members)) % {"n": len(members)}
            found.append(Found(group.name, count, value, "group", outside=outside))
    return found


def _recent(agent: Agent, asked: str) -> list[Found]:
    matching = Correspondent.objects.filter(agent=agent, search_name__contains=asked)
    return [
        Found(
            person.name or person.email,
            person.email,
            typed((Address(person.name, person.email),)),
            "recent",
            outside=not is_inside(person.email),
        )
        for person in matching.order_by("-last_at")[:MOST]
    ]
