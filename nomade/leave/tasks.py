"""Periodic jobs of leave."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from nomade.kernel.clock import today
from nomade.leave import agenda, closing, expiry, opening, regularising, splitting
from nomade.leave.actions import reminders
from nomade.notifications.tasks import PatientRetry


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="leave.open_due_years")
def open_due_years(timestamp: int) -> None:
    """Opens the rights that are due, every night: a new year, and those who arrived since yesterday."""
    opening.open_due_years()


@app.periodic(cron="56 2 * * *")
@app.task(queueing_lock="leave.regularise_open_years")
def regularise_open_years(timestamp: int) -> None:
    """Counts again the rights of those whose situation has changed, every night."""
    regularising.regularise_open_years()


@app.periodic(cron="11 3 * * *")
@app.task(queueing_lock="leave.close_due_years")
def close_due_years(timestamp: int) -> None:
    """Closes last year when it is time, every night."""
    closing.close_due_years()


@app.periodic(cron="26 3 * * 0")
@app.task(queueing_lock="leave.grant_split_days")
def grant_split_days(timestamp: int) -> None:
    """Gives the days of fractionnement that leave taken has opened, every Sunday."""
    splitting.grant_split_days(today().year)


@app.periodic(cron="10 6 * * *")
@app.task(queueing_lock="leave.warn_of_expiry")
def warn_of_expiry(timestamp: int) -> None:
    """Tells agents of days about to be lost, every morning."""
    expiry.warn_of_expiry()


@app.periodic(cron="7 7 * * *")
@app.task(queueing_lock="leave.remind_and_escalate")
def remind_and_escalate(timestamp: int) -> None:
    """Reminds those who must answer, passes on what is late, reminds those who stand in, every morning."""
    reminders.remind_and_escalate()
    reminders.remind_replacements()


@app.task(retry=PatientRetry())
def send_invitation(request: str) -> None:
    """Sends the calendar file of one validated absence."""
    agenda.send_invitation(uuid.UUID(request))
