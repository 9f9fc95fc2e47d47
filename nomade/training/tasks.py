"""Periodic jobs of training."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.kernel.clock import today
from nomade.training.actions.obligations import recall
from nomade.training.actions.seats import expire_offers


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="training.offers")
def expire(timestamp: int) -> None:
    """Gives to the next ones the seats that nobody accepted in time, every minute."""
    expire_offers()


@app.periodic(cron="40 6 * * *")
@app.task(queueing_lock="training.recalls")
def recall_habilitations(timestamp: int) -> None:
    """Recalls what comes to an end, every morning."""
    recall(today())
