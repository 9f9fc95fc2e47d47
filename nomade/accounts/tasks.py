"""Periodic jobs of the accounts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.accounts.models import Handover, Session
from nomade.kernel.clock import now


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="accounts.forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Deletes sessions and tickets that have ended: nothing loads them any more."""
    Session.objects.filter(expire_date__lt=now()).delete()
    Handover.objects.filter(expires_at__lt=now()).delete()
