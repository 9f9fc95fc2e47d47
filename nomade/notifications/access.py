"""What an agent may read here: their own notifications, nothing else."""

from __future__ import annotations

from nomade.notifications.models import Notification, NotificationQuerySet
from nomade.people.models import Agent


def notifications_of(agent: Agent) -> NotificationQuerySet:
    """The notifications of an agent, newest first."""
    return Notification.objects.of(agent).newest_first()


def unread_count(agent: Agent) -> int:
    """How many notifications the bell shows; one query on a partial index."""
    return Notification.objects.of(agent).unread().count()
