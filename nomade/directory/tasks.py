"""Jobs of the directory."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from nomade.directory.actions import lines

_LOCK = "directory.refresh"


@app.periodic(cron="11 3 * * *")
@app.task(lock=_LOCK)
def refresh_lines(timestamp: int | None = None) -> None:
    """Each night: arrivals, departures and moves that begin today."""
    lines.refresh()


@app.task(lock=_LOCK, queueing_lock=_LOCK)
def refresh_after_change() -> None:
    """After an import of agents or units."""
    lines.refresh()


def refresh_soon() -> None:
    """Queues one refresh, in the transaction of what changed; one that waits already will see this change too."""
    try:
        with transaction.atomic():  # a refused job must not spoil the transaction of the change
            refresh_after_change.defer()
    except AlreadyEnqueued:
        return
