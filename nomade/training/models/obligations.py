"""What agents must follow, and what they may do because they did."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent, OrgUnit, Status
from nomade.training.models.catalogue import Course


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Obligation(models.Model):
    """A course that some agents must have followed: those whom every filled field designates."""

    label = models.CharField(max_length=160)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="obligations")
    # The text that asks for it.
    source = models.CharField(max_length=200)
    posts = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=24, choices=Status.choices, blank=True)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Days left to a newcomer, from the day of entry.
    within_days = models.PositiveSmallIntegerField(default=365)
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class Habilitation(models.Model):
    """What an agent holds: the proof of a course, here or elsewhere, with its end."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="habilitations")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="habilitations")
    obtained_on = models.DateField()
    expires_on = models.DateField(null=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=now)
    # The last recall that was sent, in days before the end: 90, 30, 7.
    recalled = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_habilitation_once", fields=["agent", "course", "obtained_on"]),
            models.CheckConstraint(
                name="training_habilitation_days",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("obtained_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="training_habilitation_end")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.course_id}"
