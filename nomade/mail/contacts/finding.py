"""Who « À » proposes: one's contacts and groups, those written to lately, then the directory. Pure reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from nomade.mail.models import Contact, ContactGroup, Correspondent, Written
from nomade.mail.writing.choices import is_inside
from nomade.mail.writing.letters import typed
from nomade.people.folding import fold
from nomade.people.models import Agent

MOST = 8


@dataclass(frozen=True)
class Found:
    """A line of the list: what is shown, and what is put in the field."""

    name: str
    detail: str
    value: str
    kind: str  # contact, group, recent, agent, unit
    outside: bool = False
    absence: str = ""
    substitute: str = ""
    substitute_value: str = ""


def find(agent: Agent, asked: str) -> list[Found]:
    """The people and groups that a few letters may mean, the likeliest first."""
    asked = fold(asked.strip())
    if len(asked) < 2:
        return []
    found = [*_groups(agent, asked), *_contacts(agent, asked), *_recent(agent, asked)]
    kept: dict[str, Found] = {}
    for line in found:
        kept.setdefault(line.value.lower() if line.kind == "group" else _email(line.value), line)
    return list(kept.values())[:MOST]


def about(agent: Agent, typed_people: str) -> list[Found]:
    """What is to be known of people before writing to them: from outside, away until when, replaced by whom."""
    people = addresses.split_typed(typed_people)[0][:50]
    return [
        Found(person.label, person.email, typed((person,)), "typed", outside=not is_inside(person.email))
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
            found.append(Found(group.name, str(len(members)), value, "group", outside=outside))
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
