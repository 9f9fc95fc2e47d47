"""What other services may ask about accounts."""

from __future__ import annotations

from nomade.accounts.models import Session
from nomade.kernel.clock import now


def is_signed_in(agent_id: int) -> bool:
    """Whether an agent has a living session somewhere, on an account that is not locked."""
    living = Session.objects.filter(expire_date__gt=now(), account__agent_id=agent_id, account__locked_at__isnull=True)
    return bool(living.exists())
