"""Small tables that hardly ever change (figures of the law, types of absence): read again only when they did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, models

from nomade.kernel.prepared import prepared_cursor

Built = TypeVar("Built")


class Remembered(Generic[Built]):
    """What is built from a small table, kept while its rows are the same.

    One statement asks the database for a digest of the rows: a change is seen at once, by every process, whoever made
    it, and a transaction sees its own. What is built is shared by threads: it must not be changed.
    """

    def __init__(self, model: Callable[[], type[models.Model]], build: Callable[[], Built]) -> None:
        self._model, self._build = model, build
        self._known: tuple[Any, Built] | None = None

    def get(self) -> Built:
        """The latest. Costs one query, and the reading of the table when it has changed."""
        digest = self._digest()
        known = self._known
        if known is None or known[0] != digest:
            known = (digest, self._build())
            self._known = known
        return known[1]

    def latest_known(self) -> Built:
        """What this process built last, without asking whether it has changed: for a hint, never for a decision."""
        known = self._known
        return self.get() if known is None else known[1]

    def _digest(self) -> Any:
        table = connection.ops.quote_name(self._model()._meta.db_table)  # noqa: SLF001  # public, whatever its underscore
        with prepared_cursor() as cursor:
            # Each version of a row has a place and a transaction of its own. The name is of a table of ours.
            version = "hashtextextended(ctid::text || xmin::text, 0)"
            cursor.execute(f"SELECT count(*), sum({version}) FROM {table}")  # noqa: S608
            return cursor.fetchone()
