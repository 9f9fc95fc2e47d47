"""What the commands on accounts share."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError

from nomade.accounts.models import Account
from nomade.people.models import Agent


def full_login(text: str) -> str:
    """A login as it is stored: lower case, with the organisation's domain when none is given."""
    login = text.strip().lower()
    return login if "@" in login else f"{login}@{settings.NOMADE.mail_domain}"


def account_of(text: str) -> Account:
    """The account of a login, opened closed for an agent who has none yet. Raises CommandError for an unknown one."""
    from nomade.accounts.actions import open_account

    agent = Agent.objects.filter(login=full_login(text)).first()
    if agent is None:
        raise CommandError(f"« {text} » n’est l’identifiant d’aucun agent.")
    return open_account(agent)
