"""What the portal tells an agent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, agent: Agent) -> NotificationQuerySet:
        return self.filter(agent=agent)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> NotificationQuerySet:
        return self.order_by("-created_at", "-id")


class EmailState(models.TextChoices):
    """What became of the e-mail that goes with a notification."""

    NOT_WANTED = "not_wanted"
    WAITING = "waiting"
    SENT = "sent"
    NO_ADDRESS = "no_address"
    REFUSED = "refused"


class Notification(models.Model):
    """One thing told to one agent; `url` is a path of the portal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)
    email_state = models.CharField(max_length=16, choices=EmailState.choices, default=EmailState.NOT_WANTED)
    emailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agent", "-created_at"], name="notification_of_agent"),
            models.Index(fields=["agent"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent_id}"
