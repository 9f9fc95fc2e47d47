"""The only writers of notifications. A row and its e-mail's job commit with what they tell, or not at all."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from procrastinate.types import JSONValue

from nomade.kernel.clock import now
from nomade.notifications.access import deliveries, rests
from nomade.notifications.models import Delivery, EmailState, Notification, Preference, Rhythm
from nomade.notifications.rhythm import Rest
from nomade.notifications.topics import SECURITY, topic_of, topics
from nomade.people.models import Agent

BATCH = 2000
_STATES = {
    Delivery.NOW: EmailState.WAITING,
    Delivery.DIGEST: EmailState.DIGEST,
    Delivery.NEVER: EmailState.NOT_WANTED,
    None: EmailState.NOT_WANTED,
}


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
    told = list(agents)
    wanted = deliveries(told, kind) if email else {}
    rows = [
        Notification(agent=agent, kind=kind, title=title, body=body, url=url, email_state=_STATES[wanted.get(agent.pk)])
        for agent in told
    ]
    Notification.objects.bulk_create(rows, batch_size=BATCH)
    _queue([row for row in rows if row.email_state == EmailState.WAITING], topic_of(kind))
    return rows


def _queue(rows: list[Notification], topic: str) -> None:
    """One job an e-mail: at once, or at the end of the quiet hours of who is told."""
    from nomade.notifications.tasks import send_email

    resting = {} if topic == SECURITY else rests([row.agent_id for row in rows])
    waiting: dict[datetime | None, list[dict[str, JSONValue]]] = defaultdict(list)
    moment = now()
    for row in rows:
        rest = resting.get(row.agent_id)
        later = rest.next_moment(moment) if rest and rest.is_quiet(moment) else None
        waiting[later].append({"notification": str(row.pk)})
    for later, jobs in waiting.items():
        for start in range(0, len(jobs), BATCH):
            send_email.configure(schedule_at=later).batch_defer(*jobs[start : start + BATCH])


@transaction.atomic
def choose(agent: Agent, deliveries_by_topic: Mapping[str, str], rest: Rest, *, spares_absences: bool = False) -> None:
    """Keeps how an agent wants to be written to; topics that do not exist are left out."""
    known = topics()
    for topic, delivery in deliveries_by_topic.items():
        if topic in known and delivery in Delivery.values:
            Preference.objects.update_or_create(agent=agent, topic=topic, defaults={"delivery": delivery})
    values: dict[str, object] = {
        "quiet_from": rest.quiet_from,
        "quiet_to": rest.quiet_to,
        "days_off": sorted(rest.days_off),
    }
    values |= {"spares_absences": spares_absences}
    Rhythm.objects.update_or_create(agent=agent, defaults=values)


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
