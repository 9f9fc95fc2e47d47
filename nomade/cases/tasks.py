"""Periodic jobs of the shared parts of requests."""

from __future__ import annotations

from procrastinate.contrib.django import app

from nomade.cases import drafts, idempotency


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="cases.purge")
def purge(timestamp: int) -> None:
    """Deletes old drafts and old form keys, every night."""
    drafts.purge_drafts()
    idempotency.purge_submissions()
