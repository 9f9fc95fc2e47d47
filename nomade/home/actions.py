"""What the home page writes: that somebody has seen the visit of the portal, or skipped it."""

from __future__ import annotations

from nomade.accounts.models import Account
from nomade.kernel.clock import now
from nomade.people.models import Agent


def leave_tour(agent: Agent) -> None:
    """The home page proposes the visit no more; its first moment stays."""
    Account.objects.filter(agent=agent, guide_seen_at__isnull=True).update(guide_seen_at=now())
