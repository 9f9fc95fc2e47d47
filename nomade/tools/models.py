"""Links to other applications, and which ones an agent keeps first."""

from __future__ import annotations

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.people.folding import fold
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role


class Icon(models.TextChoices):
    """The drawings one may choose."""

    GRID = "layout-grid", _("Application")
    CALENDAR = "calendar-days", _("Planning")
    WRENCH = "wrench", _("Interventions")
    MAP = "map-pin", _("Carte")
    CHART = "chart-column", _("Suivi et chiffres")
    FILES = "folder-open", _("Documents")
    PEOPLE = "users", _("Personnes")
    LEARN = "graduation-cap", _("Formation")
    MONEY = "wallet", _("Budget et achats")
    HEALTH = "shield-check", _("Santé et sécurité")
    HELP = "life-buoy", _("Aide")


class ToolQuerySet(models.QuerySet["Tool"]):
    def in_order(self) -> Self:
        """As their keeper put them, then by name."""
        return self.order_by("order", "sort_name", "pk")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Tool(models.Model):
    """An application of the organisation; for everybody unless it names a unit or a role."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    sort_name = models.CharField(max_length=90, editable=False)
    description = models.CharField(max_length=200)
    url = models.URLField(max_length=400)
    icon = models.CharField(max_length=20, choices=Icon.choices, default=Icon.GRID)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=Role.choices, blank=True)
    on_site_only = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    objects = ToolQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ToolFavourite(models.Model):
    """A tool that an agent keeps first."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="favourites")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "tool"], name="tool_favourite_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.tool_id}"
