"""Periodic jobs of documents."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from nomade.documents.actions import collections, splitting


@app.task
def split(deposit: str) -> None:
    """Splits a large file that an officer sent."""
    splitting.split_deposit(UUID(deposit))


@app.periodic(cron="23 7 * * 1-5")
@app.task(queueing_lock="documents.remind")
def remind(timestamp: int) -> None:
    """Reminds, on working mornings, those whose document or acknowledgement is waited for."""
    collections.remind()
