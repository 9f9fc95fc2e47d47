"""Jobs of pay slips."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from nomade.payslips import actions


@app.task
def announce(batch: str) -> None:
    """Tells the agents of a batch that it is released."""
    actions.announce_batch(UUID(batch))
