"""What a team decides for itself: how many must be there, and when nobody may leave."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent, OrgUnit


class MinimumPresenceQuerySet(models.QuerySet["MinimumPresence"]):
    def on(self, day: date) -> Self:
        """Those in force on a day."""
        return self.touching(day, day)

    def touching(self, first: date, last: date) -> Self:
        """Those in force on some day of a stretch."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MinimumPresence(models.Model):
    """How many agents of one unit must be there on each working day. It warns; it never refuses by itself."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    objects = MinimumPresenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_minimum_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to__isnull=True), name="leave_minimum_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.people}"


class ForbiddenPeriodQuerySet(models.QuerySet["ForbiddenPeriod"]):
    def touching(self, first: date, last: date) -> Self:
        """Those that share a day with a stretch."""
        return self.filter(first_day__lte=last, last_day__gte=first)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ForbiddenPeriod(models.Model):
    """Days on which the agents of a unit ask for no leave of their choice, with the need of service that says so."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200)
    set_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    objects = ForbiddenPeriodQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="leave_forbidden_in_order", condition=Q(last_day__gte=F("first_day")))
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.first_day} {self.last_day}"


class CalendarFeed(models.Model):
    """The private address of an agent's calendar: only the fingerprint of its secret is kept, one an agent."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"feed of {self.agent_id}"


class LeaveDocument(models.Model):
    """A supporting document of a request, sealed in the store. Its owner and HR read it; a supervisor never does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey("leave.LeaveRequest", on_delete=models.PROTECT, related_name="documents")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"document of {self.request_id}"


class RefusalReason(models.Model):
    """A ready-made reason of refusal that HR offers to deciders; withdrawn, it stays for those that quote it."""

    SHORTEST = 20

    text = models.CharField(max_length=300, unique=True)
    in_use = models.BooleanField(default=True)
    # Nobody for those shipped with the program.
    author = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["text"]

    def __str__(self) -> str:
        return self.text
