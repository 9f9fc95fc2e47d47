"""People of one's own: contacts, their groups, and those written to lately."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.people.folding import fold
from nomade.people.models import Agent


class ContactQuerySet(models.QuerySet["Contact"]):
    def of(self, agent: Agent) -> Self:
        """An agent's own, by name."""
        return self.filter(agent=agent).order_by("name", "email", "id")


class Contact(models.Model):
    """Somebody an agent writes to, known to nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Nom"), max_length=120, blank=True, default="")
    email = models.CharField(_("Adresse"), max_length=254)
    organisation = models.CharField(_("Organisme"), max_length=120, blank=True, default="")
    phone = models.CharField(_("Téléphone"), max_length=40, blank=True, default="")
    note = models.TextField(_("Note"), max_length=1000, blank=True, default="")
    # Kept by `save`: what search uses, without accents.
    search_name = models.CharField(max_length=520, editable=False, default="")
    changed_at = models.DateTimeField(default=now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("agent", Lower("email"), name="mail_contact_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(f"{self.name} {self.organisation} {self.email}")
        super().save(*args, **kwargs)

    @property
    def is_new(self) -> bool:
        """Not saved yet: its key, unlike that of other tables, is made before."""
        return self._state.adding


class ContactGroup(models.Model):
    """A list of contacts under one name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Nom"), max_length=80)
    search_name = models.CharField(max_length=80, editable=False, default="")
    members = models.ManyToManyField(Contact, related_name="groups", blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint("agent", Lower("name"), name="mail_group_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class Correspondent(models.Model):
    """An address written to, and when: what « À » proposes first."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=120, blank=True, default="")
    search_name = models.CharField(max_length=380, editable=False, default="")
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "email"], name="mail_correspondent_once")]
        indexes: ClassVar = [models.Index(fields=["agent", "-last_at"], name="mail_correspondent_recent")]

    def __str__(self) -> str:
        return self.email
