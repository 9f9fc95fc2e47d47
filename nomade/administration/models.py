"""A file waiting for its confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pghistory
from django.db import models

from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.ids import new_id
from nomade.people.importing.plan import Source
from nomade.people.models import Agent

KEPT = timedelta(days=1)


class PendingImport(models.Model):
    """The files that an administrator sent and has not confirmed: sealed, because they hold birth dates and addresses.

    One an administrator; removed at confirmation, at the next upload, or after a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)
    agents_name = models.CharField(max_length=200, blank=True)
    agents_sealed = models.BinaryField(default=b"")
    units_name = models.CharField(max_length=200, blank=True)
    units_sealed = models.BinaryField(default=b"")
    create_units = models.BooleanField(default=False)
    # Counts, notices and first changes, as told after the rehearsal.
    report = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner"], name="pending_import_one_an_owner")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def context(self, part: str) -> bytes:
        """What a part is bound to."""
        return f"pending-import {self.pk} {part} {self.owner_id}".encode()

    def keep(self, part: str, source: Source | None) -> None:
        """Seals a file under `agents` or `units`."""
        if source is not None:
            setattr(self, f"{part}_name", source.name[:200])
            setattr(self, f"{part}_sealed", seal(source.content, context=self.context(part)))

    def source(self, part: str) -> Source | None:
        """The file, opened. Raises DecryptionFailed."""
        sealed: Any = getattr(self, f"{part}_sealed")
        if not sealed:
            return None
        return Source(getattr(self, f"{part}_name"), unseal(bytes(sealed), context=self.context(part)))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LetterTemplate(models.Model):
    """A letter that human resources send to many: its text holds names in braces; each version is kept."""

    title = models.CharField(max_length=160)
    body = models.TextField()
    signature = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    updated_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.title
