"""Accounts, their sessions, and the tickets that carry a session from one host to another."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
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
    # When the password was last chosen; unknown (made by an import, the demo), the account's own age counts.
    password_chosen_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    # Since when this agent comes from outside without a second factor; the grace runs from there.
    factor_grace_from = models.DateTimeField(null=True, blank=True)
    # « Plus tard », said at the first sign-in.
    factor_postponed = models.BooleanField(default=False)
    # After a lost password, bank details and ways back in do not change before this moment.
    recovery_closed_until = models.DateTimeField(null=True, blank=True)
    # When the professional mailbox was first opened; before, news go to the confirmed personal address, if any.
    mailbox_opened_at = models.DateTimeField(null=True, blank=True)
    # When the visit of the portal was finished or skipped; the home page proposes it until then.
    guide_seen_at = models.DateTimeField(null=True, blank=True)
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


class EndReason(models.TextChoices):
    """Why a session ended, when it is not by itself."""

    SIGN_OUT = "sign_out", _("déconnexion")
    REMOTE = "remote", _("déconnexion depuis un autre appareil")
    TOO_MANY = "too_many", _("trop d’appareils connectés")
    PASSWORD = "password", _("changement de mot de passe")  # a reason, not a password
    FACTOR = "factor", _("changement de vérification en deux étapes")
    PROVISIONAL = "provisional", _("temps du mot de passe provisoire écoulé")
    RECOVERY = "recovery", _("mot de passe perdu")
    LOCKED = "locked", _("compte bloqué")
    EXIT = "exit", _("fin de fonctions")
    SUPPORT = "support", _("fermeture par le support")


class SessionQuerySet(models.QuerySet["Session"]):
    def living(self) -> Self:
        """Those that still open something."""
        return self.filter(expire_date__gt=now(), pending=False)

    def end(self, reason: EndReason) -> int:
        """Closes them at once; the rows stay a while, empty, to tell when and why. Returns how many were open."""
        living = self.filter(ended_at__isnull=True, expire_date__gt=now())
        # Where the portal is no master of the mail server, the key of the mailbox goes with the session.
        families = [] if settings.NOMADE.mail_auth == "master" else list(living.values_list("family", flat=True))
        closed: int = living.update(ended_at=now(), expire_date=now(), ended_reason=reason, session_data="")
        if families:
            MailKey.objects.filter(family__in=families).abandoned().delete()
        return closed


SessionManager = models.Manager.from_queryset(SessionQuerySet)


class Session(AbstractBaseSession):
    """A session on one host. Those of one sign-in, portal and webmail, share a family: they live and end together.

    While `pending`, a right password was given and the second factor is awaited: it opens nothing else.
    """

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="sessions")
    family = models.UUIDField(default=uuid.uuid4, db_index=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    pending = models.BooleanField(default=False)
    # How the second factor was shown: passkey, totp, card, trusted; empty when it was not.
    factor = models.CharField(max_length=16, blank=True)
    # When the agent last proved who they are, by password and factor or by passkey (step-up).
    authenticated_at = models.DateTimeField(null=True)
    privileged = models.BooleanField(default=False)
    shared = models.BooleanField(default=False)
    device = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    zone = models.CharField(max_length=16, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=16, blank=True, choices=EndReason.choices)

    objects: ClassVar[SessionManager[Session]] = SessionManager()  # type: ignore[assignment]

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
from nomade.accounts.directories.models import Identity  # noqa: E402
from nomade.accounts.factors.models import (  # noqa: E402
    Authenticator,
    Card,
    CardCode,
    Challenge,
    HeldForm,
    Passkey,
    Recovery,
    RecoveryCode,
    TrustedBrowser,
)
from nomade.accounts.lockout.models import (  # noqa: E402
    Attack,
    Bucket,
    DeviceCode,
    Source,
    SpentProof,
    Watch,
)
from nomade.accounts.mailkeys.models import MailKey  # noqa: E402
from nomade.accounts.passwords.models import FormerPassword, ProvisionalPassword  # noqa: E402

__all__ = [
    "Account",
    "Attack",
    "Authenticator",
    "Bucket",
    "Card",
    "CardCode",
    "Challenge",
    "DeviceCode",
    "EndReason",
    "FormerPassword",
    "Handover",
    "HeldForm",
    "Identity",
    "MailKey",
    "NoticeChannel",
    "Passkey",
    "ProvisionalPassword",
    "Recovery",
    "RecoveryCode",
    "Session",
    "Source",
    "SpentProof",
    "TrustedBrowser",
    "Watch",
    "normalised",
]
