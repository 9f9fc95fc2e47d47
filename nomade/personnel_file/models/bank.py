"""Changes of bank account: a procedure of its own, whose steps are rows and whose numbers are sealed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from nomade.cases.models import CaseFields, CaseState
from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent


class BankExport(models.Model):
    """A file given to the payroll software; each account is in one of them, once."""

    number = models.PositiveIntegerField(unique=True)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"RIB-{self.number:05d}"


class BankChange(CaseFields):
    """One account, from the agent's form to payroll. The IBAN is sealed; only its last four signs are in clear."""

    sealed = models.BinaryField()
    tail = models.CharField(max_length=4)
    holder = models.CharField(max_length=120)
    piece = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    # The agent proved who they are, for this IBAN; nothing counts before.
    confirmed_at = models.DateTimeField(null=True)
    cooling_until = models.DateTimeField(null=True)
    first_officer = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_officer = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    pay_month = models.DateField(null=True)
    export = models.ForeignKey(BankExport, null=True, on_delete=models.PROTECT, related_name="changes")
    # Given by the payroll software: known since then, never to be given back.
    from_payroll = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "-submitted_at"], name="bank_change_of_agent"),
            models.Index(fields=["cooling_until"], name="bank_change_waiting", condition=Q(state="submitted")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(name="bank_change_one_open", fields=["owner"], condition=Q(state="submitted")),
            models.CheckConstraint(
                name="bank_change_two_officers",
                condition=Q(second_officer__isnull=True) | ~Q(first_officer=F("second_officer")),
            ),
            models.CheckConstraint(
                name="bank_change_never_by_owner",
                condition=(Q(first_officer__isnull=True) | ~Q(first_officer=F("owner")))
                & (Q(second_officer__isnull=True) | ~Q(second_officer=F("owner"))),
            ),
            models.CheckConstraint(
                name="bank_change_approved_was_checked",
                condition=~Q(state="approved") | Q(first_officer__isnull=False) | Q(from_payroll=True),
            ),
        ]

    @property
    def stage(self) -> str:
        """Where it stands, in one word that templates put into words."""
        if self.state != CaseState.SUBMITTED:
            given = self.state == CaseState.APPROVED and (self.export_id or self.from_payroll)
            return "given" if given else str(self.state)
        if self.confirmed_at is None:
            return "to_confirm"
        if self.is_cooling(now()):
            return "cooling"
        return "to_second" if self.first_officer_id else "to_check"

    def is_cooling(self, moment: datetime) -> bool:
        """Whether the agent's time to say « it was not me » still runs."""
        return self.cooling_until is not None and moment < self.cooling_until

    @property
    def can_cancel(self) -> bool:
        """Until the last officer."""
        return self.state == CaseState.SUBMITTED
