"""Statements whose text never changes, planned once a connection by PostgreSQL instead of at each page.

Planning a statement of a home page takes PostgreSQL longer than answering it. Django sends each statement with its
values written inside, so that nothing can be kept; here the values travel apart (PREPARE of PostgreSQL, through
https://www.psycopg.org/psycopg3/docs/advanced/prepare.html), and after a few uses the plan is kept too.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


def prepared_cursor(using: str = DEFAULT_DB_ALIAS) -> CursorWrapper:
    """A cursor of Django for a fixed statement with parameters; seen by its logs, wrappers and tests as any other.

    A parameter whose type the statement does not tell (`SELECT %s + 1`) needs a cast. With `prepare=no` in
    `NOMADE_DATABASE_URL` nothing is prepared and the statement works the same.
    """
    connection = connections[using]
    connection.ensure_connection()
    cursor: CursorWrapper = connection._prepare_cursor(Cursor(connection.connection))  # type: ignore[attr-defined]  # noqa: SLF001  # as BaseDatabaseWrapper.cursor() does
    return cursor


class Preparing:
    """A connection of Django as a compiler of the ORM sees it, whose cursors prepare."""

    def __init__(self, using: str) -> None:
        self._using = using
        self._connection = connections[using]

    def cursor(self) -> CursorWrapper:
        return prepared_cursor(self._using)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
