"""What an agent changes alone, and the history of every field."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.kernel.ids import new_id
from nomade.people.models import Agent

MOST_CONTACTS = 5


class EmergencyContact(models.Model):
    """Somebody to call, in order; deleted when it is changed or when the agent leaves (§ 7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="emergency_contacts")
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    tie = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=32)
    other_phone = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "rank"], name="contact_one_a_rank", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"contact {self.rank} of {self.agent_id}"


class Field(models.TextChoices):
    """A field of the file, as its history names it."""

    MOBILE = "mobile", _("Téléphone mobile")
    PHONE = "phone", _("Téléphone fixe")
    PERSONAL_EMAIL = "personal_email", _("Courriel personnel")
    CONTACTS = "contacts", _("Personnes à prévenir")
    PHOTO = "photo", _("Photo")
    ADDRESS = "address", _("Adresse")
    NAME = "name", _("Nom")
    FAMILY = "family", _("Situation familiale")
    CHILD = "child", _("Enfants")
    DIPLOMA = "diploma", _("Diplômes")
    LICENCE = "licence", _("Permis et habilitations")
    DISABILITY = "disability", _("Reconnaissance de handicap")
    BANK = "bank", _("Compte bancaire")
    RECTIFICATION = "rectification", _("Rectification")


class Origin(models.TextChoices):
    """Where a value comes from."""

    AGENT = "agent", _("vous-même")
    OFFICER = "officer", _("ressources humaines")
    SIRH = "sirh", _("logiciel de paie et carrière")


class DataChange(models.Model):
    """One change of one field; what was and what is are sealed together, bound to the row and its agent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="file_changes")
    field = models.CharField(max_length=20, choices=Field.choices)
    sealed = models.BinaryField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    actor = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agent", "-at"], name="file_change_of_agent")]
        triggers: ClassVar = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.field} of {self.agent_id}"
