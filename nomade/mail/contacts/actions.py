"""The only writers of contacts and their groups."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.mail.contacts.cards import Card
from nomade.mail.models import Contact, ContactGroup
from nomade.people.models import Agent

MOST_CONTACTS = 5000
MOST_GROUPS = 100


def save(contact: Contact, groups: Iterable[uuid.UUID]) -> Contact:
    """Keeps a contact and the groups it is in. Raises Refusal when its address is another's already."""
    if contact.is_new and Contact.objects.of(contact.agent).count() >= MOST_CONTACTS:
        raise Refusal(_("Votre carnet est plein. Supprimez les contacts dont vous n’avez plus besoin."))
    contact.changed_at = now()
    try:
        with transaction.atomic():
            contact.save()
            contact.groups.set(ContactGroup.objects.filter(agent=contact.agent, pk__in=list(groups)))
    except IntegrityError:
        raise Refusal(_("Cette adresse est déjà dans votre carnet."), field="email") from None
    return contact


def delete(contact: Contact) -> None:
    """Forgets a contact."""
    contact.delete()


def add_group(agent: Agent, name: str) -> ContactGroup:
    """A new group, or the one of this name."""
    found = ContactGroup.objects.filter(agent=agent, name__iexact=name).first()
    if found is not None:
        return found
    if ContactGroup.objects.filter(agent=agent).count() >= MOST_GROUPS:
        raise Refusal(_("Vous avez déjà cent groupes."), field="name")
    return ContactGroup.objects.create(agent=agent, name=name[:80])


def delete_group(group: ContactGroup) -> None:
    """Forgets a group; its people stay."""
    group.delete()


@transaction.atomic
def take_in(agent: Agent, cards: Iterable[Card]) -> tuple[int, int]:
    """Adds the people of a file: how many are new, how many were there already and are left as they are."""
    there = {email.lower() for email in Contact.objects.of(agent).values_list("email", flat=True)}
    room = MOST_CONTACTS - len(there)
    wanted = list(cards)
    fresh = [card for card in wanted if card.email.lower() not in there]
    if len(fresh) > room:
        raise Refusal(_("Ce fichier a plus de contacts que votre carnet n’en peut tenir."), field="file")
    groups: dict[str, ContactGroup] = {}
    for card in fresh:
        contact = Contact(
            agent=agent,
            name=card.name,
            email=card.email,
            organisation=card.organisation,
            phone=card.phone,
            note=card.note,
        )
        contact.save()
        for name in card.groups:
            group = groups.get(name.lower()) or add_group(agent, name)
            groups[name.lower()] = group
            group.members.add(contact)
    return len(fresh), len(wanted) - len(fresh)
