"""Periodic jobs of the kernel."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from nomade.kernel import audit, journal, retention
from nomade.kernel.clock import now, today
from nomade.kernel.shipping import Collector, ship

log = logging.getLogger("nomade.journal")
STALLED_AFTER_SECONDS = 120


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="kernel.seal_journal", pass_context=False)
def seal_journal(timestamp: int) -> None:
    """Chains the journal every five minutes."""
    audit.seal_journal()


@app.periodic(cron="2-59/5 * * * *")
@app.task(queueing_lock="kernel.ship_journal", pass_context=False)
def ship_journal(timestamp: int) -> None:
    """Sends what was sealed since the last time to the collector, where there is one."""
    if not settings.NOMADE.journal_url:
        return
    collector = Collector.of(settings.NOMADE.journal_url, settings.NOMADE.journal_ca_file)
    try:
        ship(collector, settings.NOMADE.hosts["portal"])
    except OSError as error:  # it goes the next time: nothing is lost, and the operator reads why
        log.warning("journal collector=%s:%d not reached: %s", collector.host, collector.port, error)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="kernel.purge_journal", pass_context=False)
def purge_journal(timestamp: int) -> None:
    """Deletes each night what the journal has kept long enough."""
    journal.purge(now() - timedelta(days=settings.NOMADE.journal_months * 365 // 12))


@app.periodic(cron="53 3 * * *")
@app.task(queueing_lock="kernel.purge_kept", pass_context=False)
def purge_kept(timestamp: int) -> None:
    """Deletes each night what the services have kept long enough, where it needs the visa of nobody."""
    retention.purge(retention.over(today(), archives=False), today())


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="kernel.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Gives back to the queue the jobs of a worker that died; they would stay « doing » for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)
