"""Accounts for tests."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password

from nomade.accounts.models import Account, normalised
from nomade.people.models import Agent

PASSWORD = "Vélo-Quai-Platane-42"


@cache
def _hash() -> str:
    return make_password(normalised(PASSWORD))


def make_account(agent: Agent, password: str | None = None) -> Account:
    """The account of an agent; one shared hash unless a password of its own is asked."""
    account = Account(agent=agent, login=agent.login, password=_hash())
    if password is not None:
        account.set_password(password)
    account.save()
    return account
