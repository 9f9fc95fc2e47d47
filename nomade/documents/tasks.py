"""Periodic jobs of documents."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.documents.actions import collections


@app.periodic(cron="23 7 * * 1-5")
@app.task(queueing_lock="documents.remind")
def remind(timestamp: int) -> None:
    """Reminds, on working mornings, those whose document or acknowledgement is waited for."""
    collections.remind()
