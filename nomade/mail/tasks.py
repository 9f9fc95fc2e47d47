"""Jobs of the mail."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from nomade.mail.reading import actions as reading
from nomade.mail.writing import delivery
from nomade.notifications.tasks import PatientRetry


@app.task(retry=PatientRetry())
def deliver(outgoing: str) -> None:
    """Takes one letter a step further: to the submission server, then into « Envoyés »."""
    delivery.deliver(uuid.UUID(outgoing))


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="mail.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Forgets what has left, and abandoned drafts."""
    delivery.purge()
    reading.purge_done()
