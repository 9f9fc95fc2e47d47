"""The only writers of notifications. A row and its e-mail's job commit with what they tell, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from procrastinate.types import JSONValue

from nomade.kernel.clock import now
from nomade.notifications.models import EmailState, Notification
from nomade.people.models import Agent

BATCH = 2000


def notify(agent: Agent, *, kind: str, title: str, url: str, body: str = "", email: bool = True) -> Notification:
    """Tells one agent something: a row of the portal now, an e-mail after commit.

    `url` is a path of the portal. `title` also opens the e-mail's text, so it holds no reason of absence, no amount.
    """
    return notify_many([agent], kind=kind, title=title, url=url, body=body, email=email)[0]


@transaction.atomic
def notify_many(
    agents: Iterable[Agent], *, kind: str, title: str, url: str, body: str = "", email: bool = True
) -> list[Notification]:
    """Tells many agents the same thing, 55,000 of them if need be. Raises ValueError for a `url` off the portal."""
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"a notification leads to a path of the portal, not to {url!r}")
    state = EmailState.WAITING if email else EmailState.NOT_WANTED
    rows = [
        Notification(agent=agent, kind=kind, title=title, body=body, url=url, email_state=state) for agent in agents
    ]
    Notification.objects.bulk_create(rows, batch_size=BATCH)
    if email:
        from nomade.notifications.tasks import send_email

        for start in range(0, len(rows), BATCH):
            jobs: list[dict[str, JSONValue]] = [{"notification": str(row.pk)} for row in rows[start : start + BATCH]]
            send_email.batch_defer(*jobs)
    return rows


def mark_read(agent: Agent, notification: uuid.UUID) -> Notification | None:
    """Marks one notification of an agent as read; None when it is not theirs or does not exist."""
    found = Notification.objects.of(agent).filter(pk=notification).first()
    if found is not None and found.read_at is None:
        found.read_at = now()
        found.save(update_fields=["read_at"])
    return found


def mark_all_read(agent: Agent) -> int:
    """Marks every notification of an agent as read; returns how many were not."""
    return Notification.objects.of(agent).unread().update(read_at=now())
