"""Periodic jobs of certificates."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.certificates import actions, requests


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="certificates.purge_windows")
def purge_windows(timestamp: int) -> None:
    """Forgets, every hour, the addresses that typed wrong codes."""
    actions.purge_windows()


@app.periodic(cron="10 6 * * *")
@app.task(queueing_lock="certificates.chase")
def chase(timestamp: int) -> None:
    """Reminds the offices of the documents they promised, every morning."""
    requests.chase()
