"""Accounts, their sessions, and the tickets that carry a session from one host to another."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.people.models import Agent


def normalised(password: str) -> str:
    """The same sentence typed on two keyboards gives the same signs (NFKC), when set and when checked."""
    return unicodedata.normalize("NFKC", password)


class NoticeChannel(models.TextChoices):
    """How an agent is told of what happens to the account."""

    PORTAL = "portal", _("sur le portail seulement")
    EMAIL = "email", _("à une adresse personnelle aussi")


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.select_related("agent").get(login__iexact=username)

    def without_password(self) -> models.QuerySet[Account]:
        """Those that no password opens yet."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class Account(AbstractBaseUser):
    """What lets an agent sign in."""

    agent = models.OneToOneField(Agent, on_delete=models.PROTECT, related_name="account")
    login = models.CharField(max_length=254, unique=True)
    # A provisional password opens only the choice of one's own.
    password_is_provisional = models.BooleanField(default=False)
    # A newcomer opens only the steps of the first sign-in until none is left (`first_steps`).
    first_steps_pending = models.BooleanField(default=False)
    # Where the agent wants to be told: nothing chosen yet, in the portal only, or by e-mail too (once confirmed).
    notice_channel = models.CharField(max_length=8, blank=True, choices=NoticeChannel.choices)
    locked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.login

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a rule, not a column
        return self.locked_at is None

    def set_password(self, raw_password: str | None) -> None:
        self.password = make_password(normalised(raw_password) if raw_password is not None else None)
        self._password = None

    def check_password(self, raw_password: str) -> bool:
        def upgrade(raw: str) -> None:
            self.password = make_password(raw)
            self.save(update_fields=["password"])

        return check_password(normalised(raw_password), self.password, upgrade)


class Session(AbstractBaseSession):
    """A session on one host. Those of one sign-in, portal and webmail, share a family: they live and end together."""

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="sessions")
    family = models.UUIDField(default=uuid.uuid4, db_index=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Session]] = models.Manager()  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from nomade.accounts.sessions import SessionStore

        return SessionStore


class Handover(models.Model):
    """A ticket that opens, once and within 30 seconds, a session on another host for who is already signed in."""

    digest = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    family = models.UUIDField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"handover {self.digest[:8]}"


# Django finds the models of an application here; those of each part have a file of their own.
from nomade.accounts.lockout.models import (  # noqa: E402
    Attack,
    Bucket,
    DeviceCode,
    Source,
    SpentProof,
    Watch,
)
from nomade.accounts.passwords.models import FormerPassword, ProvisionalPassword  # noqa: E402

__all__ = [
    "Account",
    "Attack",
    "Bucket",
    "DeviceCode",
    "FormerPassword",
    "Handover",
    "NoticeChannel",
    "ProvisionalPassword",
    "Session",
    "Source",
    "SpentProof",
    "Watch",
    "normalised",
]
