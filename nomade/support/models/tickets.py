"""What agents ask, and who looks after it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogues import LIVING, WAITING, Dialogue, DialogueStatus
from nomade.people.models import Agent


class Priority(models.IntegerChoices):
    """How soon; the smaller the sooner."""

    URGENT = 1, _("urgente")
    HIGH = 2, _("haute")
    NORMAL = 3, _("normale")
    LOW = 4, _("basse")


# Where a ticket stands: every conversation has the same life.
TicketStatus = DialogueStatus


class Team(models.Model):
    """Technicians who look after the same things."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    members = models.ManyToManyField(Agent, related_name="support_teams", blank=True)

    def __str__(self) -> str:
        return self.label


class Category(models.Model):
    """What a ticket is about: chosen by the agent, it decides who looks first and how soon."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    hint = models.CharField(max_length=200, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="categories")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "label"]

    def __str__(self) -> str:
        return self.label


class TicketQuerySet(models.QuerySet["Ticket"]):
    def waiting(self) -> TicketQuerySet:
        """Those for which somebody of the desk has something to do."""
        return self.filter(status__in=WAITING)

    def living(self) -> TicketQuerySet:
        return self.filter(status__in=LIVING)

    def late(self, moment: datetime) -> TicketQuerySet:
        return self.waiting().filter(due_at__lt=moment)

    def with_people(self) -> TicketQuerySet:
        return self.select_related("owner", "assignee", "category", "team")

    def soonest_due(self) -> TicketQuerySet:
        return self.order_by("due_at", "id")

    def newest_first(self) -> TicketQuerySet:
        return self.order_by("-submitted_at", "-id")


class Ticket(Dialogue):
    """One request to the support."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="tickets")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    # Where the agent was, and the reference that the error page showed.
    page = models.CharField(max_length=300, blank=True)
    error_reference = models.CharField(max_length=16, blank=True)
    due_at = models.DateTimeField()

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(status__in=["new", "open"]), name="ticket_queue"),
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=Q(status__in=["new", "open", "pending"]),
                name="ticket_of_technician",
            ),
            models.Index(fields=["status", "due_at", "id"], name="ticket_by_status"),
            models.Index(
                fields=["team", "due_at", "id"], condition=Q(status__in=["new", "open"]), name="ticket_of_team"
            ),
            models.Index(fields=["owner", "-submitted_at", "-id"], name="ticket_of_owner"),
            models.Index(fields=["-submitted_at", "-id"], name="ticket_newest"),
            GinIndex(fields=["search"], name="ticket_search"),
        ]
        constraints = Dialogue.Meta.constraints

    def get_absolute_url(self) -> str:
        """The path on the portal, which leads to the support host where that host exists for the reader."""
        return reverse("support:ticket", urlconf="nomade.config.urls.portal", args=[self.pk])
