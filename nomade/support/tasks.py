"""Periodic jobs of the support."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.support.actions import chasing, knowledge, monthly, purging


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="support.chase")
def chase(timestamp: int) -> None:
    """Reminds, escalates and closes tickets, every ten minutes."""
    chasing.chase()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="support.watch")
def watch(timestamp: int) -> None:
    """Asks each part of the portal how it is, every minute."""
    knowledge.watch_parts()


@app.periodic(cron="23 6 1 * *")
@app.task(queueing_lock="support.monthly_list")
def monthly_list(timestamp: int) -> None:
    """Tells the authority, on the first of each month, what technicians did alone."""
    monthly.tell_authority()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="support.purge")
def purge(timestamp: int) -> None:
    """Deletes what is too old, every night."""
    purging.purge()
