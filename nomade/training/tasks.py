"""Periodic jobs of training."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.kernel.clock import today
from nomade.training.actions.later import ask_later
from nomade.training.actions.obligations import recall, recall_first
from nomade.training.actions.reminders import chase, recall_promises
from nomade.training.actions.seats import expire_offers, lapse


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="training.offers")
def expire(timestamp: int) -> None:
    """Gives to the next ones the seats that nobody accepted in time, every minute."""
    expire_offers()


@app.periodic(cron="40 6 * * *")
@app.task(queueing_lock="training.recalls")
def recall_habilitations(timestamp: int) -> None:
    """Recalls what comes to an end, and the time left to follow what was never followed, every morning."""
    recall(today())
    recall_first(today())


@app.periodic(cron="45 6 * * *")
@app.task(queueing_lock="training.promises")
def recall_promised_answers(timestamp: int) -> None:
    """Recalls to who decides the answers that are promised for soon, and those that are late, every morning."""
    recall_promises(today())
    chase(today())


@app.periodic(cron="30 6 * * *")
@app.task(queueing_lock="training.lapsed")
def end_requests_left_behind(timestamp: int) -> None:
    """Ends the requests of sessions that have begun, every morning."""
    lapse(today())


@app.periodic(cron="50 6 * * *")
@app.task(queueing_lock="training.later")
def ask_what_is_left(timestamp: int) -> None:
    """Asks what is left of the sessions of some months ago, every morning."""
    ask_later(today())
