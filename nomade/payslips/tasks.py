"""Jobs of pay slips."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from nomade.payslips.actions import releasing, uploads


@app.task
def announce(batch: str) -> None:
    """Tells the agents of a batch that it is released."""
    releasing.announce_batch(UUID(batch))


@app.task
def work_on(sent: str) -> None:
    """Reads a file that a pay officer sent, or stores it once accepted."""
    uploads.work_on_import(UUID(sent))
