"""Counters of failures, and what the detector of attacks remembers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nomade.kernel.clock import now


class Bucket(models.Model):
    """Failures of one identifier seen from one side. The identifier, known or not, is only there as a keyed hash."""

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=16)
    # No foreign key in SQL: an unknown identifier has no account, and both must cost the same.
    account_id = models.BigIntegerField(null=True)
    failures = models.PositiveIntegerField()
    recent = ArrayField(models.DateTimeField())
    blocked_until = models.DateTimeField(null=True)
    last_try_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id"], condition=Q(account_id__isnull=False), name="bucket_of_account"),
            models.Index(fields=["last_try_at"], name="bucket_last_try"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:8]}"


class Source(models.Model):
    """Failures of one IPv4 address, or of one /64 of IPv6, since the start of the present window."""

    network = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.network}: {self.failures}"


class SpentProof(models.Model):
    """A proof of work that was used: it is accepted once."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Watch(models.Model):
    """What the detector saw in one window: how many identifiers had a failure."""

    at = models.DateTimeField(primary_key=True)
    identifiers = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.identifiers}"


class Attack(models.Model):
    """A wave of failures over many accounts; at most one is open."""

    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)
    identifiers = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_open"], name="one_open_attack", condition=Q(is_open=True))
        ]

    def __str__(self) -> str:
        return f"attack of {self.started_at:%Y-%m-%d %H:%M}"


class DeviceCode(models.Model):
    """A code that the support gives: it makes one browser a known one, once; only its hash is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"device code of {self.account_id}"
