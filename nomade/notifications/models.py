"""What the portal tells an agent."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.notifications.rhythm import Rest
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
    DIGEST = "digest"
    NO_ADDRESS = "no_address"
    REFUSED = "refused"


class Delivery(models.TextChoices):
    """How an agent wants to be written to about a topic; in the portal, everything is told at once."""

    NOW = "now", _("tout de suite")
    DIGEST = "digest", _("une fois par jour")
    NEVER = "never", _("jamais")


class Preference(models.Model):
    """What an agent chose for a topic; no row means at once."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notification_preferences")
    topic = models.CharField(max_length=30)
    delivery = models.CharField(max_length=8, choices=Delivery.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "topic"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.topic}"


class Rhythm(models.Model):
    """The hours and days on which an agent does not want to be written to; no row means none."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="notification_rhythm")
    quiet_from = models.PositiveSmallIntegerField(default=0)
    quiet_to = models.PositiveSmallIntegerField(default=0)
    days_off = ArrayField(models.PositiveSmallIntegerField(), default=list)
    # Days of leave, public holidays and days that are not worked are days off too.
    spares_absences = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="rhythm_hours", condition=Q(quiet_from__lt=24) & Q(quiet_to__lt=24))
        ]

    def __str__(self) -> str:
        return f"{self.agent_id}"

    @property
    def rest(self) -> Rest:
        """As the rule takes it."""
        return Rest(self.quiet_from, self.quiet_to, frozenset(self.days_off))


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
            models.Index(fields=["agent"], condition=Q(email_state="digest"), name="notification_for_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent_id}"
