"""A database that no longer answers, without closing its connection, is given up on.

A stopped machine, a storage that stands still or a cut network leave a client waiting for ever: PostgreSQL's own
`statement_timeout` is held by the side that stands still. Pages would then load without end; given up on, the page of
an outage says so. Jobs and commands wait as long as they must.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus


def give_up_after(seconds: float) -> Callable[..., None]:
    """From now on each answer of a new connection is waited for at most so many seconds, in this process.

    Beyond, `django.db.OperationalError` is raised and the connection is closed: nobody will read the late answer.
    Returns what listens to new connections, for a test to take it off.
    """

    def bound(connection: BaseDatabaseWrapper, **_named: Any) -> None:
        link: psycopg.Connection[Any] = connection.connection
        unbounded = link.wait

        def wait(answer: Any, **options: Any) -> Any:
            try:
                return unbounded(answer, **{"timeout": seconds, **options})
            except psycopg.OperationalError:
                if link.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    link.pgconn.finish()
                raise

        link.wait = wait  # type: ignore[method-assign, assignment]

    connection_created.connect(bound, weak=False)
    return bound
