"""What an agent may read here: their own notifications, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Count

from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.notifications.models import Delivery, Notification, NotificationQuerySet, Preference, Rhythm
from nomade.notifications.rhythm import KNOWN_DAYS, Rest
from nomade.notifications.topics import SECURITY, topic_of
from nomade.people import ports
from nomade.people.models import Agent
from nomade.people.teams import keep, once

# Asked by every page.
_unread: Compiled[int] = Compiled(
    lambda agent: (
        Notification.objects.filter(agent_id=agent)
        .unread()
        .order_by()
        .values("agent_id")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    )
)
#: Beyond that many agents, every row is read rather than named one by one.
MANY = 2000


def notifications_of(agent: Agent) -> NotificationQuerySet:
    """The notifications of an agent, newest first."""
    return Notification.objects.of(agent).newest_first()


#: The same in SQL, of `%(agent)s`, for a page that asks it among other things and says so by `know_unread`.
UNREAD = "(SELECT count(*) FROM notifications_notification WHERE agent_id = %(agent)s AND read_at IS NULL)"


def unread_count(agent: Agent) -> int:
    """How many notifications the bell shows; at most one query a request, on a partial index."""
    return once(agent, ("unread",), lambda: _unread.first(agent=agent.pk) or 0)


def know_unread(agent: Agent, number: int) -> None:
    """Spares the bell of this request its query."""
    keep(agent, ("unread",), number)


def latest_unread(agent: Agent) -> Notification | None:
    """The newest notification that was not read."""
    return Notification.objects.of(agent).unread().newest_first().first()


def deliveries(agents: Sequence[Agent], kind: str) -> dict[int, Delivery]:
    """How each agent wants to be written to about this kind; security is always told at once."""
    topic = topic_of(kind)
    wanted = dict.fromkeys((agent.pk for agent in agents), Delivery.NOW)
    if topic != SECURITY and wanted:
        chosen = Preference.objects.filter(topic=topic).exclude(delivery=Delivery.NOW)
        if len(agents) == 1:
            chosen = chosen.filter(agent=agents[0])
        for agent, delivery in chosen.values_list("agent_id", "delivery"):
            if agent in wanted:
                wanted[agent] = Delivery(delivery)
    return wanted


def rests(agents: Sequence[int]) -> dict[int, Rest]:
    """The quiet hours of those who have chosen some, and the days that they do not work when they asked so."""
    rows = list(Rhythm.objects.filter(agent__in=agents) if len(agents) < MANY else Rhythm.objects.all())
    wanted = set(agents)
    absent = _absences([row.agent_id for row in rows if row.spares_absences and row.agent_id in wanted])
    return {row.agent_id: replace(row.rest, absent=absent.get(row.agent_id, frozenset())) for row in rows}


def _absences(agents: list[int]) -> dict[int, frozenset[date]]:
    """The days to come that some agents do not work, when a service can tell."""
    if not agents:
        return {}
    known = ports.presence(agents, today(), today() + timedelta(days=KNOWN_DAYS)) or {}
    return {
        agent: frozenset(day for day, presence in days.items() if presence == "absent") for agent, days in known.items()
    }


def preferences_of(agent: Agent) -> dict[str, str]:
    """What an agent chose, by topic."""
    return dict(Preference.objects.filter(agent=agent).values_list("topic", "delivery"))


def rhythm_of(agent: Agent) -> Rhythm:
    """The quiet hours and days of an agent, as they chose them."""
    return Rhythm.objects.filter(agent=agent).first() or Rhythm(agent=agent)
