"""What tests of every service need from the kernel."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from nomade.kernel.clock import now


def run_jobs(*, limit: int = 200, later: timedelta = timedelta(0)) -> int:
    """Runs the queued jobs that are due (or will be within `later`), in order, in this thread and transaction.

    Returns how many ran; the jobs that they queue run too. An error of a job is raised, its row stays « todo ».
    """
    ran = 0
    while ran < limit:
        due = now() + later
        job = next(
            (
                j
                for j in ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")
                if j.scheduled_at is None or j.scheduled_at <= due
            ),
            None,
        )
        if job is None:
            return ran
        task = app.tasks[job.task_name]
        outcome = task.func(**job.args)
        if inspect.isawaitable(outcome):
            asyncio.run(_wait(outcome))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        ran += 1
    raise AssertionError(f"more than {limit} jobs: do they queue each other for ever?")


async def _wait(outcome: object) -> None:
    await outcome  # type: ignore[misc]


@contextmanager
def count_queries(at_most: int) -> Iterator[CaptureQueriesContext]:
    """Fails, listing them, when more than `at_most` queries ran inside."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    if len(captured) > at_most:
        listing = "\n".join(
            f"{i}. {(query['sql'] or '')[:300]}" for i, query in enumerate(captured.captured_queries, 1)
        )
        raise AssertionError(f"{len(captured)} queries, at most {at_most} expected:\n{listing}")
