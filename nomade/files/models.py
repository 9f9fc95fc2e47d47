"""What is known of a stored file; its content is elsewhere, sealed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from nomade.people.models import Agent


class StoredFile(models.Model):
    """One document at rest. `size` and `sha256` are of the clear content; `key_version` names the wrapping key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="stored_files")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_version = models.CharField(max_length=16)
    storage_name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    # Received while the antivirus did not answer: kept, served to nobody until it does.
    awaiting_scan = models.BooleanField(default=False)
    # The antivirus refused it: its content is gone.
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "kind"], name="stored_file_of_owner"),
            models.Index(fields=["created_at"], name="stored_file_to_scan", condition=models.Q(awaiting_scan=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
