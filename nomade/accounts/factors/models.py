"""Second factors and what goes with them. No secret lies here in clear: see docs/adr/0018."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Passkey(models.Model):
    """A WebAuthn credential: the public half of a key that never leaves the agent's device."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    # What the authenticator attested (AAGUID, credential id, COSE key), as the fido2 library reads it.
    credential = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class Authenticator(models.Model):
    """An application that shows six digits (RFC 6238). `last_step`, the last one accepted, never serves again."""

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="authenticator")
    sealed_secret = models.BinaryField()
    last_step = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"authenticator {self.pk}"


class Card(models.Model):
    """A printed list of numbered codes. Made by somebody else, it opens nothing before the hand-over is recorded."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="cards")
    made_by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    active_from = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="card_one_active", fields=["account"], condition=Q(active_from__isnull=False)),
            models.UniqueConstraint(name="card_one_waiting", fields=["account"], condition=Q(active_from__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"


class CardCode(models.Model):
    """One code of a card, under Argon2id; used once."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="card_code_number", fields=["card", "number"])]

    def __str__(self) -> str:
        return f"code {self.number} of card {self.card_id}"


class TrustedBrowser(models.Model):
    """A browser where the second factor is not asked again for a while; only the hash of its cookie is kept."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="trusted_browsers")
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="trusted_browser_once", fields=["digest", "account"])]

    def __str__(self) -> str:
        return f"trusted browser {self.pk}"


class Challenge(models.Model):
    """A WebAuthn challenge that was sent and may be answered once. `account` is empty at the door."""

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=16)
    account = models.ForeignKey("accounts.Account", null=True, on_delete=models.CASCADE, related_name="+")
    state = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"challenge {self.digest[:8]}"


class HeldForm(models.Model):
    """A form that was sent, kept sealed while the agent proves again who they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=2000)
    sealed_body = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)
    # What the proof is for, shown while it is asked; and the moment before which a proof is not good enough.
    purpose = models.CharField(max_length=200, blank=True)
    proof_after = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"held form {self.pk}"


class Recovery(models.Model):
    """Somebody says that a password is lost. Without account (unknown login), it looks the same and accepts nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey("accounts.Account", null=True, on_delete=models.CASCADE, related_name="recoveries")
    # What an unknown login is shown must not change from one try to the next: it is drawn from this.
    login_digest = models.CharField(max_length=64)
    mail_digest = models.CharField(max_length=64, blank=True)
    mail_asked_at = models.DateTimeField(null=True, blank=True)
    factor_proved = models.CharField(max_length=16, blank=True)
    # Who made the card that served, and who gave the code: one person must not hold both proofs.
    factor_from = models.ForeignKey("people.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    mail_proved = models.BooleanField(default=False)
    code_from = models.ForeignKey("people.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"recovery {self.pk}"


class RecoveryCode(models.Model):
    """A code that a supervisor or the HR office reads to an agent whose password is lost; one at a time, used once."""

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="recovery_code")
    digest = models.CharField(max_length=128)
    given_by = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"recovery code of account {self.account_id}"
