"""Periodic jobs of files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.files import quarantine


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="files.look_again")
def look_again(timestamp: int) -> None:
    """Asks the antivirus again about the files that wait for it."""
    quarantine.look_again()
