"""How an agent writes: their identities and preferences. Who has chosen nothing has the organisation's defaults."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from mailkit.mime import addresses
from nomade.mail import shared
from nomade.mail.models import MailIdentity, WritingSettings
from nomade.people.models import Agent


def preferences_of(agent: Agent) -> WritingSettings:
    """An agent's choices, saved or not."""
    found = WritingSettings.objects.filter(agent=agent).first()
    return found or WritingSettings(agent=agent)


def undo_seconds(preferences: WritingSettings) -> int:
    """How long a letter is held before it leaves."""
    chosen = preferences.undo_seconds
    return int(settings.NOMADE.mail_undo_seconds) if chosen is None else min(chosen, 120)


def identities_of(agent: Agent) -> list[MailIdentity]:
    """An agent's identities, the usual one first; at least one, which is their name in the directory."""
    found = list(MailIdentity.objects.of(agent))
    return found or [MailIdentity(agent=agent, label=_("Mon nom"), name=agent.full_name, is_default=True)]


def shared_identities(agent: Agent) -> list[MailIdentity]:
    """The shared mailboxes in whose name the agent may write, as the mail server told lately."""
    usual = identities_of(agent)[0]
    return [_shared(agent, box.address, usual) for box in shared.of(agent) if box.may_send]


def _shared(agent: Agent, address: str, signed_as: MailIdentity | None = None) -> MailIdentity:
    """An identity that no row keeps: the mail server grants it, and says so again when the letter leaves."""
    name = address.partition("@")[0].replace(".", " ").replace("-", " ").title()
    found = MailIdentity(agent=agent, label=_("Boîte partagée %(address)s") % {"address": address}, name=name)
    found.shared_address = address
    if signed_as is not None:
        found.signature, found.signature_html = signed_as.signature, signed_as.signature_html
    return found


def identity_of(agent: Agent, key: str) -> MailIdentity:
    """The identity of this key, else the usual one."""
    if address := shared.address_in(key):
        return _shared(agent, address)
    found = identities_of(agent)
    return next((identity for identity in found if str(identity.pk) == key), found[0])


def largest_letter() -> int:
    """How many bytes the files of a letter may have together."""
    return int(settings.NOMADE.mail_largest_megabytes) * 1_000_000


def is_inside(email: str) -> bool:
    """Whether an address is of the house: its domains and their sub-domains."""
    domain = email.rpartition("@")[2].lower()
    houses = (settings.NOMADE.mail_domain, *settings.NOMADE.mail_internal_domains)
    return any(domain == house.lower() or domain.endswith(f".{house.lower()}") for house in houses)


def outside(typed: str) -> list[str]:
    """The addresses of a field that are not of the house."""
    return [person.email for person in addresses.split_typed(typed)[0] if not is_inside(person.email)]
