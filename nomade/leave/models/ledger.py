"""Counters and their ledger, and what moves many of them at once."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.people.models import Agent, OrgUnit


class Counter(models.Model):
    """One right of one agent for one year (0: a right without a year, the CET).

    `half_days` is the sum of its ledger, kept by a trigger, never written; minutes for a counter in minutes.

    The sum never goes below `-overdraft`: the database refuses the movement that would.
    """

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="leave_counters")
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    half_days = models.IntegerField(default=0, editable=False)
    overdraft = models.PositiveSmallIntegerField(default=0)
    # Days one may be absent on by this right; no end for a savings account.
    usable_from = models.DateField(default=date(1900, 1, 1))
    expires_on = models.DateField(null=True, blank=True)
    # Day of the balance that the time system gave, for a counter that it feeds.
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_on"], condition=Q(half_days__gt=0), name="leave_counter_expiring"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "year", "code"], name="leave_counter_once"),
            models.CheckConstraint(name="leave_counter_not_overdrawn", condition=Q(half_days__gte=-F("overdraft"))),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class EntryKind(models.TextChoices):
    """Why a counter moved."""

    RIGHT = "droit", _("droit ouvert")
    TAKEN = "prise", _("demande")
    GIVEN_BACK = "annulation", _("jours rendus")
    CORRECTION = "correction", _("correction")
    CARRIED_OVER = "report", _("report")
    EXPIRED = "peremption", _("jours périmés")
    REDUCTION = "reduction", _("réduction")
    SAVED = "versement", _("versement au CET")
    PAID = "indemnite", _("jours indemnisés")
    TAKEN_OVER = "reprise", _("reprise de l’ancien système")
    FED = "systeme", _("solde du système de temps")


class LedgerEntry(models.Model):
    """A signed movement of a counter, in half-days. Rows are only ever added; an error is corrected by another row."""

    id = models.BigAutoField(primary_key=True)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    half_days = models.SmallIntegerField()
    date = models.DateField()
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    # The article or local rule it rests on.
    source = models.CharField(max_length=200, blank=True)
    operation = models.ForeignKey("Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    request = models.ForeignKey("LeaveRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    created_at = models.DateTimeField(default=now)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # By statement, so that opening the rights of 55,000 agents moves their counters in a few updates.
            pgtrigger.Trigger(
                name="keep_sum",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE leave_counter AS counter SET half_days = counter.half_days + moved.half_days
                    FROM (SELECT counter_id, sum(half_days) AS half_days FROM added GROUP BY counter_id) AS moved
                    WHERE counter.id = moved.counter_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.half_days:+d}"


class OperationKind(models.TextChoices):
    """What moves many counters at once."""

    CLOSING_DAY = "fermeture", _("jour de fermeture")
    RIGHT_FOR_LIST = "droit", _("droit pour une liste d’agents")
    TAKE_OVER = "reprise", _("reprise de compteurs")
    FEED = "systeme", _("soldes du système de temps")
    YEAR_END = "cloture", _("clôture d’année")
    SITUATION = "situation", _("droits recalculés après un changement de situation")


class Operation(models.Model):
    """Movements made together, that can be read and undone together."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=OperationKind.choices)
    label = models.CharField(max_length=200)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What was asked, and what came of it, as its report shows it.
    asked = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    # Nobody for what the portal does by itself at night.
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    undone_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="leave_operation_recent")]

    def __str__(self) -> str:
        return self.label


class CorrectionState(models.TextChoices):
    """Where a correction stands."""

    WAITING = "attente", _("attend une seconde lecture")
    DONE = "faite", _("faite")
    REJECTED = "rejetee", _("rejetée")


class Correction(models.Model):
    """A change of a counter decided by HR: its reason, and above a threshold the second person who read it."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="leave_corrections")
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    half_days = models.SmallIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=CorrectionState.choices, default=CorrectionState.WAITING)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    reader = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    reader_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            # A second reading by the same person would be none, and nobody corrects their own counter.
            models.CheckConstraint(
                name="leave_correction_second_reader", condition=Q(reader__isnull=True) | ~Q(reader=F("author"))
            ),
            models.CheckConstraint(name="leave_correction_of_another", condition=~Q(author=F("agent"))),
            models.CheckConstraint(name="leave_correction_moves", condition=~Q(half_days=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.half_days:+d}"


class ExpiryNotice(models.Model):
    """Proof that an agent was told, precisely and in time, of days about to be lost (CE 17-10-2025 n° 495899)."""

    id = models.BigAutoField(primary_key=True)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="notices")
    days_before = models.PositiveSmallIntegerField()
    expires_on = models.DateField()
    half_days = models.IntegerField()
    sent_at = models.DateTimeField(default=now)
    # The words that were sent, as the agent read them.
    text = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["counter", "expires_on", "days_before"], name="leave_notice_once")
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.counter_id} J-{self.days_before}"


class AccountOption(models.TextChoices):
    """What becomes of the days of the CET above the threshold (décret 2004-878 art. 5)."""

    KEEP = "conges", _("les garder en congés")
    PAY = "indemnisation", _("les faire payer")
    PENSION = "rafp", _("les verser à la retraite additionnelle (RAFP)")
    SHARE = "partage", _("les partager")


class AccountChoice(models.Model):
    """The choice of an agent for the days of the CET of a year above the threshold."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    option = models.CharField(max_length=16, choices=AccountOption.choices)
    # Half-days to pay and to put into the RAFP, when they are shared; the rest is kept.
    paid = models.PositiveSmallIntegerField(default=0)
    pension = models.PositiveSmallIntegerField(default=0)
    made_on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "year"], name="leave_account_choice_once")]

    def __str__(self) -> str:
        return f"{self.option} {self.year}"
