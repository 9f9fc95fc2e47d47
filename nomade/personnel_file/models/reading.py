"""Who opened a file: kept three years (arrêté du 21 décembre 2012), read by its owner."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class EmergencyAccess(models.Model):
    """« Bris de glace »: a file opened outside one's perimeter, for a reason, for some hours; others are told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["officer", "agent", "ends_at"], name="emergency_of_officer")]

    def __str__(self) -> str:
        return f"{self.officer_id} on {self.agent_id}"


class Consultation(models.Model):
    """One reading of one file: by whom, in which role, which parts."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="file_consultations")
    reader = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    sections = ArrayField(models.CharField(max_length=20))
    at = models.DateTimeField(default=now)
    emergency = models.ForeignKey(EmergencyAccess, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agent", "-at"], name="consultation_of_agent"),
            models.Index(fields=["at"], name="consultation_age"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.agent_id}"


class DataExport(models.Model):
    """Everything the portal holds of an agent, asked by them; fetched once, within some hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agent", "-asked_at"], name="export_of_agent")]

    def __str__(self) -> str:
        return f"export of {self.agent_id}"
