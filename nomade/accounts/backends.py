"""Checking an address and a password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from nomade.accounts.models import Account, normalised
from nomade.accounts.passwords.provisional import admit, as_printed
from nomade.kernel.compiled import Compiled

# Asked at each try.
_named: Compiled[Account] = Compiled(
    lambda address: Account.objects.select_related("agent").filter(login=address).order_by("pk")[:1]
)


def full_address(login: str) -> str:
    """The address of what was typed, as it is stored: an address, or a login of our domain."""
    typed = login.strip().lower()
    return typed if "@" in typed else f"{typed}@{settings.NOMADE.mail_domain}"


def account_named(address: str) -> Account | None:
    """The account of a full address, with its agent; by the index, so that 55,000 cost what one does."""
    return _named.first(address=address)


def spend_one_hash(password: str) -> None:
    """What checking a password costs, where there is none to check: time tells nothing."""
    make_password(normalised(password))


def opens(account: Account | None, password: str) -> bool:
    """Whether a password opens an account. Unknown, locked or wrong: each costs one hash, and says no."""
    if account is None:
        spend_one_hash(password)
        return False
    if not account.password_is_provisional:
        return account.check_password(password) and account.is_active
    right = account.check_password(as_printed(password))
    return account.is_active and admit(account, right=right)


class PasswordBackend:
    """Address or login, and password, as Django asks."""

    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **_others: Any
    ) -> Account | None:
        """The account, or None: unknown, locked or wrong look the same."""
        account = account_named(full_address(login))
        return account if opens(account, password) else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, with its agent, or None once it is locked."""
        account = Account.objects.select_related("agent").filter(pk=user_id).first()
        return account if account and account.is_active else None
