"""Periodic jobs of the personal file."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.personnel_file import retention


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="personnel_file.purge")
def purge(timestamp: int) -> None:
    """Deletes, every night, what has reached the end of its retention."""
    retention.purge_leavers()
