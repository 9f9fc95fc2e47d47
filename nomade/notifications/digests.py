"""Who receives a digest now."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from nomade.kernel.clock import PARIS
from nomade.notifications.access import rests
from nomade.notifications.models import EmailState, Notification


def due(moment: datetime) -> list[int]:
    """The agents (ids) for whom something waits, at the digest's hour in Paris, or at the end of their quiet hours."""
    hour = moment.astimezone(PARIS).hour
    waiting = Notification.objects.filter(email_state=EmailState.DIGEST).values_list("agent_id", flat=True).distinct()
    agents = list(waiting)
    resting = rests(agents)
    usual = moment.astimezone(PARIS).replace(hour=settings.NOMADE.digest_hour, minute=0, second=0, microsecond=0)
    found = []
    for agent in agents:
        rest = resting.get(agent)
        if rest is None:
            if hour == usual.hour:
                found.append(agent)
        elif not rest.is_quiet(moment) and rest.next_moment(usual).hour == hour:
            found.append(agent)
    return found
