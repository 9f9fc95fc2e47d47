"""What was told to the employer's time system, and what it answered."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.leave.models.requests import LeaveRequest
from nomade.people.models import Agent


class TimeExport(models.Model):
    """One sending of requests to the time system; made again, it holds only what changed since."""

    id = models.BigAutoField(primary_key=True)
    # Nobody for the command that runs at night.
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.pk)


class TimeAction(models.TextChoices):
    """What the time system is asked to do with a request."""

    TAKE = "prise", _("à prendre en compte")
    CANCEL = "annulation", _("à annuler")


class TimeLine(models.Model):
    """One request as told: to take into account, or to cancel what was told before."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(TimeExport, on_delete=models.PROTECT, related_name="lines")
    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="time_lines")
    action = models.CharField(max_length=12, choices=TimeAction.choices)
    counter = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    half_days = models.PositiveSmallIntegerField()

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} {self.counter}"


class TimeAnswer(models.Model):
    """What the time system answered to a request, once."""

    request = models.OneToOneField(LeaveRequest, primary_key=True, on_delete=models.PROTECT, related_name="time_answer")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(default=now)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return "accepted" if self.accepted else "refused"
