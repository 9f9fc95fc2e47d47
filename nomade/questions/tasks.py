"""Periodic jobs of the questions."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.questions.actions import chasing, purging


@app.periodic(cron="12 6-20 * * *")
@app.task(queueing_lock="questions.chase")
def chase(timestamp: int) -> None:
    """Reminds, escalates and closes questions, every hour of the day."""
    chasing.chase()


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="questions.purge")
def purge(timestamp: int) -> None:
    """Deletes what is too old, every night."""
    purging.purge()
