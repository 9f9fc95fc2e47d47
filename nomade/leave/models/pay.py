"""What was told to the pay office, once."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from nomade.kernel.clock import now
from nomade.leave.models.requests import LeaveRequest
from nomade.people.models import Agent, OrgUnit


class PayrollExport(models.Model):
    """One sending to the pay office: a month, for a perimeter. Made again, it holds only what changed since."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(help_text="first day of the month")
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["month", "number"], name="leave_payroll_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.number}"


class PayrollLine(models.Model):
    """Half-days of one absence in one month, as told; a change tells the difference, never the whole again."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(PayrollExport, on_delete=models.PROTECT, related_name="lines")
    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="payroll_lines")
    month = models.DateField()
    pay_code = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField()
    half_days = models.SmallIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["request", "month"], name="leave_payroll_of_request")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.half_days:+d}"
