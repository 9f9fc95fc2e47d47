"""Periodic jobs of leave."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.leave import opening


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="leave.open_due_years")
def open_due_years(timestamp: int) -> None:
    """Opens the rights that are due, every night: a new year, and those who arrived since yesterday."""
    opening.open_due_years()
