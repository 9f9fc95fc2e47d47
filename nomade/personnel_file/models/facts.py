"""What a file says of a person beside `people`: family, children, titles, and what only one desk may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class Family(models.TextChoices):
    """The family situation, as pay and leave need it."""

    SINGLE = "celibataire", _("célibataire")
    MARRIED = "marie", _("marié ou mariée")
    PACS = "pacse", _("pacsé ou pacsée")
    SEPARATED = "separe", _("séparé ou séparée")
    DIVORCED = "divorce", _("divorcé ou divorcée")
    WIDOWED = "veuf", _("veuf ou veuve")


class CivilStatus(models.Model):
    """The family situation, and the NIR: sealed, never shown in full, never typed by the agent (décret 2019-341)."""

    agent = models.OneToOneField(Agent, on_delete=models.PROTECT, primary_key=True, related_name="civil_status")
    family = models.CharField(max_length=12, choices=Family.choices, blank=True)
    family_since = models.DateField(null=True, blank=True)
    nir_sealed = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"civil status of {self.agent_id}"


class Custody(models.TextChoices):
    """With whom a child lives."""

    FULL = "complete", _("à votre charge")
    SHARED = "alternee", _("en résidence alternée")
    OTHER = "autre", _("à la charge de l’autre parent")


class Child(models.Model):
    """A child of an agent, known since a request was approved or since the HR system gave it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="children")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    custody = models.CharField(max_length=10, choices=Custody.choices, default=Custody.FULL)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["birth_date"]
        constraints: ClassVar = [
            models.CheckConstraint(name="child_born_before_charge", condition=Q(since__gte=F("birth_date"))),
            models.UniqueConstraint(name="child_once", fields=["agent", "first_name", "birth_date"]),
        ]

    def __str__(self) -> str:
        return f"child of {self.agent_id}"


class TitleKind(models.TextChoices):
    """What a title is."""

    DIPLOMA = "diplome", _("diplôme")
    LICENCE = "permis", _("permis de conduire")
    CERTIFICATION = "habilitation", _("habilitation")


class Title(models.Model):
    """A diploma, a licence, a certification, with its last day when it has one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=12, choices=TitleKind.choices)
    label = models.CharField(max_length=120)
    obtained_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-obtained_on"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.agent_id}"


class DisabilityRecognition(models.Model):
    """A recognition (RQTH): sealed, read by its owner and by the disability desk, and by nobody else."""

    agent = models.OneToOneField(Agent, on_delete=models.PROTECT, primary_key=True, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "recognition"
