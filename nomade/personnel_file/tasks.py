"""Periodic jobs of the personal file."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from nomade.people.contact import purge_former_emails
from nomade.personnel_file import alarms, retention
from nomade.personnel_file.actions import deciding, exports


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="personnel_file.purge")
def purge(timestamp: int) -> None:
    """Deletes, every night, what has reached the end of its retention."""
    retention.purge_leavers()
    retention.purge_waiting_pieces()
    retention.purge_unconfirmed_accounts()
    purge_former_emails()
    retention.purge_consultations()
    exports.purge_exports()


@app.periodic(cron="12 4 * * *")
@app.task(queueing_lock="personnel_file.morning")
def morning(timestamp: int) -> None:
    """Writes in the files the changes whose day has come, and reminds the desks."""
    deciding.apply_due()
    deciding.remind_desks()
    deciding.chase()


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4), pass_context=False)
def send_alarm(change: str, address: str, title: str, body: str) -> None:
    """Writes to one address about a change of account."""
    alarms.send(change, address, title, body)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4), pass_context=False)
def write_to_protection_officer(access: str) -> None:
    """Tells the data protection officer's address of a file opened in an emergency."""
    alarms.tell_protection_officer(access)


@app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=4), pass_context=False)
def make_export(export: str) -> None:
    """Makes an agent's own export."""
    exports.make(export)
