"""Batches of pay slips and the slips themselves. Amounts are sealed: no query and no dump shows what somebody earns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.payslips.words import month_label
from nomade.people.models import Agent


class PayslipType(models.TextChoices):
    """What a run pays (§ 2.6): the month, a recall, the last pay of somebody who leaves, or another contract."""

    ORDINARY = "ordinary", _("mensuel")
    RAPPEL = "rappel", _("rappel")
    SOLDE = "solde", _("solde")
    SECOND = "second", _("second contrat")


class BatchState(models.TextChoices):
    """Nothing of a batch is visible before it is published, whole."""

    BLOCKED = "blocked", _("bloqué")
    RUNNING = "running", _("en cours")
    READY = "ready", _("à publier")
    PUBLISHED = "published", _("publié")
    RECALLED = "recalled", _("rappelé")


class KeptSource(models.Model):
    """A payroll file as it was received, sealed in parts so that a large one never fills the memory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SourcePart(models.Model):
    """One part of a kept file; its file's id is drawn from the source and the rank, so parts cannot be exchanged."""

    source = models.ForeignKey(KeptSource, on_delete=models.CASCADE, related_name="parts")
    rank = models.PositiveIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="source_part_once", fields=["source", "rank"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.rank}"


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
    source = models.ForeignKey(KeptSource, null=True, on_delete=models.PROTECT, related_name="batches")
    # None: brought in by an operator on the command line.
    imported_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    recalled_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    recalled_at = models.DateTimeField(null=True)
    recall_reason = models.CharField(max_length=500, blank=True)

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

    @property
    def scheduled(self) -> bool:
        """Whether it is released for a moment still to come."""
        return self.state == BatchState.PUBLISHED and self.published_at is not None and self.published_at > now()


class ImportState(models.TextChoices):
    """Where a file sent by a pay officer stands; what runs is a job, what waits waits for a person."""

    QUEUED = "queued", _("en attente de lecture")
    READING = "reading", _("lecture en cours")
    READ = "read", _("à vérifier")
    TO_STORE = "to_store", _("en attente de rangement")
    STORING = "storing", _("rangement en cours")
    STORED = "stored", _("rangé")
    FAILED = "failed", _("arrêté")
    DROPPED = "dropped", _("abandonné")


class PayImport(models.Model):
    """A file that a pay officer sent, what it was sent for, how far its job is, and the report of its dry run."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(KeptSource, on_delete=models.PROTECT, related_name="imports")
    source_name = models.CharField(max_length=255)
    uploaded_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    period = models.DateField(null=True)
    run = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=12, choices=PayslipType.choices, default=PayslipType.ORDINARY)
    corrections = models.BooleanField(default=False)
    announced = models.PositiveIntegerField(null=True)
    matricule_pattern = models.CharField(max_length=200, blank=True)
    set_aside = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.QUEUED)
    stage = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage_started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=500, blank=True)
    # `report.as_json`: counts, and the rows of each list. No amount is in it.
    report = models.JSONField(default=dict)
    batch = models.ForeignKey(PayslipBatch, null=True, on_delete=models.PROTECT, related_name="imports")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="pay_import_latest")]

    def __str__(self) -> str:
        return f"{self.source_name} {self.state}"

    @property
    def under_way(self) -> bool:
        """Whether a job works on it or will."""
        return self.state in {ImportState.QUEUED, ImportState.READING, ImportState.TO_STORE, ImportState.STORING}


class PayslipQuerySet(models.QuerySet["Payslip"]):
    def of(self, agent: Agent) -> Self:
        """The slips of one agent."""
        return self.filter(agent=agent)

    def released(self, at: datetime) -> Self:
        """Those released at that instant and not recalled, former versions too."""
        return self.filter(batch__state=BatchState.PUBLISHED, batch__published_at__lte=at, recalled_at__isnull=True)

    def visible(self, at: datetime) -> Self:
        """Those of them that no other released slip replaces."""
        return self.released(at).exclude(
            replaced_by__batch__state=BatchState.PUBLISHED,
            replaced_by__batch__published_at__lte=at,
            replaced_by__recalled_at__isnull=True,
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
    recalled_at = models.DateTimeField(null=True)
    recalled_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    recall_reason = models.CharField(max_length=500, blank=True)

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
    def of_month(self) -> str:
        """`d’octobre 2026`, `de mars 2026`."""
        return month_label(self.period, of=True)

    @property
    def download_name(self) -> str:
        """A name that sorts by month in the agent's own folder."""
        suffix = "" if self.type == PayslipType.ORDINARY else f"-{self.type}"
        corrected = f"-rectificatif-{self.version - 1}" if self.version > 1 else ""
        return f"bulletin-de-paie-{self.period:%Y-%m}{suffix}{corrected}.pdf"


class PaperChoice(models.Model):
    """From a month on, an agent wants their slips on paper (§ 2.6: a right, dated; the electronic ones stay)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="paper_choices")
    valid_from = models.DateField()
    # The last month on paper; None while the choice holds.
    valid_to = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="paper_choice_one_open", fields=["agent"], condition=Q(valid_to__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.valid_from}"


class LineText(models.Model):
    """What a line of a slip means, as the pay office wrote it, from a month on. Rows are only added."""

    # The beginning of the line's label, folded: « ifse » explains « IFSE mensuelle ».
    start = models.CharField(max_length=80)
    label = models.CharField(max_length=80)
    # Empty: from that month on, the line is no longer explained.
    text = models.CharField(max_length=600, blank=True)
    valid_from = models.DateField()
    version = models.PositiveSmallIntegerField()
    created_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="line_text_once", fields=["start", "version"]),
            models.CheckConstraint(name="line_text_from_a_month", condition=Q(valid_from__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.version}"


def month_of(day: date) -> date:
    """The first day of the month, by which a period is named."""
    return day.replace(day=1)


def as_bytes(value: Any) -> bytes:
    """A binary column as bytes: PostgreSQL's driver may give a memoryview."""
    return bytes(value)
