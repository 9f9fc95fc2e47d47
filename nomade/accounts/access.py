"""What other services may ask about accounts."""

from __future__ import annotations

from datetime import datetime

from nomade.accounts.models import Account, Session
from nomade.kernel.clock import now


def is_signed_in(agent_id: int) -> bool:
    """Whether an agent has a living session somewhere, on an account that is not locked."""
    living = Session.objects.living().filter(account__agent_id=agent_id, account__locked_at__isnull=True)
    return bool(living.exists())


def sensitive_changes_closed_until(account: Account) -> datetime | None:
    """Until when bank details and ways back in must not change, after a lost password; None when nothing holds them."""
    until = account.recovery_closed_until
    return until if until is not None and until > now() else None
