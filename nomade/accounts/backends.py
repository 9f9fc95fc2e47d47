"""Checking an address and a password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from nomade.accounts.models import Account, normalised


def full_address(login: str) -> str:
    """The address of what was typed: an address, or a login of our domain."""
    typed = login.strip()
    return typed if "@" in typed else f"{typed}@{settings.NOMADE.mail_domain}"


class PasswordBackend:
    """Address or login, and password. Every refusal costs one hash, so that time tells nothing."""

    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **_others: Any
    ) -> Account | None:
        """The account, or None: unknown, locked or wrong look the same."""
        address = full_address(login)
        account = Account.objects.select_related("agent").filter(login__iexact=address).first()
        if account is None:
            make_password(normalised(password))
            return None
        right = account.check_password(password)
        return account if right and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, with its agent, or None once it is locked."""
        account = Account.objects.select_related("agent").filter(pk=user_id).first()
        return account if account and account.is_active else None
