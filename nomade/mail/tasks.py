"""Jobs of the mail."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from nomade.mail.reading import actions as reading
from nomade.mail.reading import answers
from nomade.mail.writing import delivery, drafts
from nomade.notifications.tasks import PatientRetry
from nomade.people.models import Agent


@app.task(retry=PatientRetry())
def deliver(outgoing: str) -> None:
    """Takes one letter a step further: to the submission server, then into « Envoyés »."""
    delivery.deliver(uuid.UUID(outgoing))


@app.task(retry=PatientRetry())
def mirror_draft(outgoing: str) -> None:
    """Puts the newest state of a draft in the mailbox."""
    drafts.mirror(uuid.UUID(outgoing))


@app.task(retry=PatientRetry())
def forget_draft(agent: int, message_id: str) -> None:
    """Removes the copy of a draft that was given up."""
    drafts.forget(Agent.objects.get(pk=agent), message_id)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="mail.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Forgets what has left, abandoned drafts, and old answers."""
    delivery.purge()
    reading.purge_done()
    answers.purge()
