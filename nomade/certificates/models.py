"""Certificates as they were issued, the texts they are made from, and requests that a person answers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseFields
from nomade.files.models import StoredFile
from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class Kind(models.TextChoices):
    """What an agent obtains at once (§ 3), and what other services have certified."""

    EMPLOI = "emploi", _("attestation d’emploi")
    SALAIRE_3 = "salaire-3", _("attestation de salaire, 3 mois")
    SALAIRE_12 = "salaire-12", _("attestation de salaire, 12 mois")
    PRESENCE = "presence", _("attestation de présence")
    TELETRAVAIL = "teletravail", _("attestation de télétravail")
    QUOTITE = "quotite", _("attestation de quotité de travail")
    TRANSPORT = "transport", _("attestation de prise en charge du transport")
    CONGES = "conges", _("état des congés")
    FORMATION = "formation", _("attestation de formation")


#: What an agent has made by a tap.
AT_ONCE = tuple(kind for kind in Kind if kind != Kind.FORMATION)


class HumanKind(models.TextChoices):
    """What somebody of the human resources has to write or check (§ 3)."""

    SERVICES = "etat-services", _("état de services")
    TRAVAIL = "certificat-travail", _("certificat de travail")


class TemplateText(models.Model):
    """The text of a kind from a day on. Rows are only added: each version stays as the paper that used it."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=4000)
    signatory = models.CharField(max_length=160)
    created_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="template_text_once", fields=["kind", "version"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def of(self, agent: Agent) -> Self:
        """The certificates of one agent."""
        return self.filter(agent=agent)

    def latest_first(self) -> Self:
        return self.order_by("-issued_at")


class Certificate(models.Model):
    """One certificate: its content is frozen and sealed, its code is kept as a hash only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # 0: the text that is shipped.
    template_version = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    code_sha256 = models.CharField(max_length=64, unique=True)
    # `content.Content` as JSON, sealed and bound to this certificate and its agent.
    content_sealed = models.BinaryField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    # Whose electronic seal the PDF bears; empty when it bears none.
    sealed_by = models.CharField(max_length=200, blank=True)
    shows_salary = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agent", "-issued_at"], name="certificate_of_agent")]

    def __str__(self) -> str:
        return self.number

    def is_valid_on(self, day: date) -> bool:
        """Whether the paper still says something true to its reader on a day."""
        return self.revoked_at is None and day <= self.valid_until


class CertificateRequest(CaseFields):
    """A certificate that needs a person: asked for, then delivered or refused with a reason."""

    kind = models.CharField(max_length=20, choices=HumanKind.choices)
    comment = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certificate_request_delivered_has_file", condition=~Q(state="approved") | Q(file__isnull=False)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "-submitted_at"], name="certificate_request_of")]


class CheckWindow(models.Model):
    """Wrong codes typed from one address within a window of time."""

    address = models.GenericIPAddressField(primary_key=True)
    since = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.wrong} since {self.since}"
