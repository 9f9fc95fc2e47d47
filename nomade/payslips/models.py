"""Batches of pay slips and the slips themselves. Amounts are sealed: no query and no dump shows what somebody earns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class PayslipType(models.TextChoices):
    """What a run pays (§ 2.6): the month, a recall, or the last pay of somebody who leaves."""

    ORDINARY = "ordinary", _("mensuel")
    RAPPEL = "rappel", _("rappel")
    SOLDE = "solde", _("solde")


class BatchState(models.TextChoices):
    """Nothing of a batch is visible before it is published, whole."""

    BLOCKED = "blocked", _("bloqué")
    RUNNING = "running", _("en cours")
    PUBLISHED = "published", _("publié")


class PayslipBatch(models.Model):
    """One file of pay slips that was analysed. The same file, run and type is the same batch: it resumes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    # None: each slip tells its own month (`--period auto`).
    period = models.DateField(null=True)
    run = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=12, choices=PayslipType.choices, default=PayslipType.ORDINARY)
    state = models.CharField(max_length=12, choices=BatchState.choices)
    pages = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="payslip_batch_once",
                fields=["source_sha256", "period", "run", "type"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="payslip_batch_published_has_date",
                condition=~Q(state=BatchState.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} {self.state}"


class PayslipQuerySet(models.QuerySet["Payslip"]):
    def of(self, agent: Agent) -> Self:
        """The slips of one agent."""
        return self.filter(agent=agent)

    def visible(self, at: datetime) -> Self:
        """Those of batches released at that instant, in their latest version."""
        return self.filter(batch__state=BatchState.PUBLISHED, batch__published_at__lte=at).exclude(
            replaced_by__batch__state=BatchState.PUBLISHED, replaced_by__batch__published_at__lte=at
        )

    def latest_first(self) -> Self:
        return self.order_by("-period", "-type", "-id")


class Payslip(models.Model):
    """One slip: matricule + month + run + type, in one or several versions (a corrected one keeps the former)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="payslips")
    batch = models.ForeignKey(PayslipBatch, on_delete=models.PROTECT, related_name="payslips")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="payslip")
    matricule = models.CharField(max_length=20)
    period = models.DateField()
    run = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=12, choices=PayslipType.choices)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    source_name = models.CharField(max_length=255)
    first_page = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    paid_on = models.DateField(null=True)
    # `nomade.kernel.encryption`, bound to the slip and its agent; empty when the slip does not tell its net.
    net_sealed = models.BinaryField(default=b"")

    objects = PayslipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="payslip_once", fields=["matricule", "period", "run", "type", "version"]),
            models.CheckConstraint(name="payslip_period_is_a_month", condition=Q(period__day=1)),
        ]
        indexes: ClassVar = [models.Index(fields=["agent", "-period"], name="payslip_of_agent")]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.type} {self.pk}"

    @property
    def download_name(self) -> str:
        """A name that sorts by month in the agent's own folder."""
        suffix = "" if self.type == PayslipType.ORDINARY else f"-{self.type}"
        corrected = f"-rectificatif-{self.version - 1}" if self.version > 1 else ""
        return f"bulletin-de-paie-{self.period:%Y-%m}{suffix}{corrected}.pdf"


def month_of(day: date) -> date:
    """The first day of the month, by which a period is named."""
    return day.replace(day=1)


def as_bytes(value: Any) -> bytes:
    """A binary column as bytes: PostgreSQL's driver may give a memoryview."""
    return bytes(value)
