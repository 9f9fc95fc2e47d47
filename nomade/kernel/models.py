"""The journal: who did or read what, kept as it was written."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """One fact of the journal. Rows are only ever added: a trigger refuses UPDATE and DELETE."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    event = models.CharField(max_length=64)
    actor_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    zone = models.CharField(max_length=16, blank=True)
    reference = models.CharField(max_length=16, blank=True)
    facts = models.JSONField(default=dict)
    # The transaction that wrote it: sealing goes on only past the oldest transaction still open.
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("(pg_current_xact_id()::text::bigint)", ()), editable=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["-at", "-id"], name="audit_latest"),
            models.Index(fields=["event", "-at", "-id"], name="audit_kind"),
            models.Index(fields=["reference"], condition=~models.Q(reference=""), name="audit_reference"),
            # Sealing reads the last transactions; rows lie in their order.
            BrinIndex(fields=["transaction"], name="audit_transaction", autosummarize=True),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.event} #{self.pk}"


class AuditSeal(models.Model):
    """A link of the chain: the hash of a run of events and of the link before it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    below_transaction = models.BigIntegerField(help_text="events of older transactions are in this link or before")
    events = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}: {self.events} events"


class AuditShipment(models.Model):
    """How far the journal was sent to a collector: one row, the last link that it has read."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seal = models.ForeignKey(AuditSeal, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"sent up to link {self.seal_id}"


class AuditPurge(models.Model):
    """Events too old were deleted, up to a link whose seal stays: the chain is checked from there."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="+")
    events = models.PositiveIntegerField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"purge {self.pk}: {self.events} events"
