"""Changes that somebody has to accept, with their documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseFields
from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent


class Subject(models.TextChoices):
    """What is asked to be changed."""

    ADDRESS = "adresse", _("changement d’adresse")
    NAME = "nom", _("changement de nom")
    FAMILY = "famille", _("situation familiale")
    CHILD = "enfant", _("enfant")
    DIPLOMA = "diplome", _("diplôme")
    LICENCE = "permis", _("permis ou habilitation")
    DISABILITY = "handicap", _("reconnaissance de handicap")
    RECTIFICATION = "rectification", _("rectification d’une donnée")


class ChangeRequest(CaseFields):
    """One change: what was and what is wanted are sealed, bound to the request and its owner."""

    subject = models.CharField(max_length=14, choices=Subject.choices)
    sealed = models.BinaryField()
    effective_on = models.DateField()
    # What the desk still needs from the agent; empty when the desk has to act.
    missing = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # The first month whose pay knows of it, where pay is concerned.
    pay_month = models.DateField(null=True)
    applied_at = models.DateTimeField(null=True)
    # How many times the desk was told that the promised day is near or past (days 25 and 30 of a rectification).
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "-submitted_at"], name="file_request_of_agent"),
            models.Index(fields=["promised_on"], name="file_request_waiting", condition=Q(state="submitted")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="file_request_refused_says_why", condition=~Q(state="refused") | ~Q(answer=""))
        ]


class WaitingPiece(models.Model):
    """A document of a form that is not sent yet: a wrong date elsewhere must not make one take the picture again."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=80)
    stored = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agent", "form"], name="waiting_piece_of_form")]

    def __str__(self) -> str:
        return f"piece of {self.form}"
