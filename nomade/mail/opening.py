"""The first time that somebody opens their mailbox: until then, nobody reads what is written to it."""

from __future__ import annotations

from nomade.accounts.models import Account
from nomade.kernel.clock import now
from nomade.kernel.readonly import allow_writes


def note_opening(account: Account, status: int) -> None:
    """Notes it once, when the page could be shown."""
    if account.mailbox_opened_at is None and status < 400:
        account.mailbox_opened_at = now()
        with allow_writes("mail.opened"):
            account.save(update_fields=["mailbox_opened_at"])
