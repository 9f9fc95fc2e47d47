"""Jobs of notifications."""

from __future__ import annotations

import uuid

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from nomade.kernel.clock import now
from nomade.notifications import digests, email

FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 3600
# About three days of a mail server that is down.
MOST_ATTEMPTS = 80


class PatientRetry(BaseRetryStrategy):
    """Waits twice as long after each failure, an hour at most."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None gives up: the job stays « failed », where an operator sees it."""
        if job.attempts >= MOST_ATTEMPTS:
            return None
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(job.attempts, 12), LONGEST_WAIT_SECONDS)
        return RetryDecision(retry_in={"seconds": wait})


@app.task(retry=PatientRetry())
def send_email(notification: str) -> None:
    """Sends the e-mail of one notification."""
    email.send(uuid.UUID(notification))


@app.task(retry=PatientRetry())
def send_digest(agent: int) -> None:
    """Sends the digest of one agent."""
    email.send_digest(agent)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="notifications.digests")
def queue_digests(timestamp: int) -> None:
    """Each hour: those whose digest hour it is, and who do not rest today."""
    for agent in digests.due(now()):
        send_digest.defer(agent=agent)
