"""The keys of mailboxes (docs/adr/0060)."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal


@dataclass(frozen=True)
class Secret:
    """A password, or an access token with what renews it.

    `ends_at` is in seconds of the epoch, 0 when the provider did not say; `typed` tells a password that was typed for
    the mailbox from the one that opened the portal.
    """

    value: str
    refresh: str = ""
    ends_at: int = 0
    typed: bool = False


class MailKeyQuerySet(models.QuerySet["MailKey"]):
    def usable(self) -> Self:
        """Those of sign-ins that are still open, and those that a letter on its way holds."""
        return self.filter(_living() | Q(held_until__gt=now()))

    def abandoned(self) -> Self:
        """All the others."""
        return self.exclude(_living() | Q(held_until__gt=now()))


class MailKey(models.Model):
    """The key of one sign-in, sealed; nothing in the base alone opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    # The sessions of one sign-in, on all hosts (`Session.family`).
    family = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(default=now)
    # A letter that was sent may leave after its author signed out.
    held_until = models.DateTimeField(null=True, blank=True)

    objects = MailKeyQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "made_at"], name="mail_key_of_account")]

    def __str__(self) -> str:
        return f"mail key {self.pk}"

    @property
    def seal_context(self) -> bytes:
        """Binds the secret to this row and its owner."""
        return f"accounts.mailkey:{self.id}:{self.account_id}".encode()

    def secret(self) -> Secret:
        """Raises DecryptionFailed."""
        return Secret(**json.loads(unseal(bytes(self.sealed), context=self.seal_context)))

    def keep(self, secret: Secret) -> None:
        """Seals it; the caller saves."""
        self.sealed = seal(json.dumps(asdict(secret)).encode(), context=self.seal_context)


def _living() -> Exists:
    """Whether a session of the same sign-in is open."""
    from nomade.accounts.models import Session

    return Exists(Session.objects.living().filter(family=OuterRef("family")))
