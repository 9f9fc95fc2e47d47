"""What agents ask to save on their compte épargne-temps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from nomade.cases.models import CaseFields, CaseState
from nomade.people.models import Agent


class SavingRequest(CaseFields):
    """Days of a year that an agent asks to put on the CET; HR checks, then the ledger moves (décret 2004-878)."""

    year = models.PositiveSmallIntegerField()
    # Half-days by counter they leave, in whole days.
    annual = models.PositiveSmallIntegerField(default=0)
    rtt = models.PositiveSmallIntegerField(default=0)
    split = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "year"], name="leave_saving_of_owner"),
            models.Index(fields=["submitted_at"], condition=Q(state=CaseState.SUBMITTED), name="leave_saving_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_saving_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("owner")),
            ),
            models.CheckConstraint(
                name="leave_saving_some_days", condition=Q(annual__gt=0) | Q(rtt__gt=0) | Q(split__gt=0)
            ),
        ]

    @property
    def half_days(self) -> int:
        return self.annual + self.rtt + self.split
