"""What bends the work cycle of an agent or of a unit for some days."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from nomade.kernel.clock import now
from nomade.people.models import Agent, OrgUnit


class DayException(models.Model):
    """A day whose work is not that of the cycle: a part-time day moved once, a rest day worked.

    `sign` reads as in a cycle: 1 whole day, a morning, p afternoon, 0 off. Rows of one move share `move`.
    """

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="day_exceptions")
    day = models.DateField()
    sign = models.CharField(max_length=1)
    move = models.UUIDField(default=uuid.uuid4)
    reason = models.CharField(max_length=200)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "day"], name="leave_day_exception_once"),
            models.CheckConstraint(name="leave_day_exception_sign", condition=Q(sign__in=["1", "a", "p", "0"])),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.day} {self.sign}"


class Closure(models.Model):
    """Days on which a unit and all below it (or the whole organisation) is closed; they cost nobody any leave."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="leave_closures")
    label = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["first_day", "last_day"], name="leave_closure_days")]
        constraints: ClassVar = [
            models.CheckConstraint(name="leave_closure_in_order", condition=Q(last_day__gte=F("first_day")))
        ]

    def __str__(self) -> str:
        return self.label
