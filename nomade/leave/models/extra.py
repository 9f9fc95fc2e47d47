"""Hours done beyond the cycle, which an agent asks to get back as time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseFields, CaseState
from nomade.people.models import Agent


class ExtraPeriod(models.TextChoices):
    """When they were done: a local rule may give more time back for some."""

    DAY = "jour", _("en journée")
    NIGHT = "nuit", _("de nuit")
    SUNDAY = "dimanche_ferie", _("un dimanche ou un jour férié")


class ExtraHours(CaseFields):
    """Hours that a supervisor agrees were done; they then go to the counter of recovery (décret 2002-60 art. 3)."""

    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=16, choices=ExtraPeriod.choices, default=ExtraPeriod.DAY)
    # What they give back by the rule of their day.
    given = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    # Who typed it for the owner.
    entered_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "day"], name="leave_extra_of_owner"),
            models.Index(fields=["owner"], condition=Q(state=CaseState.SUBMITTED), name="leave_extra_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_extra_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("owner")),
            ),
            models.CheckConstraint(name="leave_extra_some_time", condition=Q(minutes__gt=0, given__gt=0)),
            # The same hours of the same day are asked for once.
            models.UniqueConstraint(
                fields=["owner", "day", "period"],
                condition=Q(state__in=[str(CaseState.SUBMITTED), str(CaseState.APPROVED)]),
                name="leave_extra_once",
            ),
        ]
