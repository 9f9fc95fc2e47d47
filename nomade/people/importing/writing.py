"""Writing many rows at once: a statement for thousands, never a query a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

BATCH = 5000


def update_rows(model: type[Model], rows: Mapping[int, Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Gives each row (by id) the values of some columns; one statement a batch. The history triggers see them all.

    `columns` are attribute names (`unit_id`, not `unit`).
    """
    if not columns:
        return
    fields: list[Any] = [next(f for f in model._meta.concrete_fields if f.attname == name) for name in columns]  # noqa: SLF001
    quote = connection.ops.quote_name
    types = [field.rel_db_type(connection) if field.is_relation else field.db_type(connection) for field in fields]
    names = [quote(field.column) for field in fields]
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS target SET "  # noqa: S608, SLF001  # names come from the model
        + ", ".join(f"{name} = given.{name}" for name in names)
        + " FROM unnest(%s::bigint[], "
        + ", ".join(f"%s::{kind}[]" for kind in types)
        + f") AS given(id, {', '.join(names)}) WHERE target.id = given.id"
    )
    with connection.cursor() as cursor:
        for batch in _batches(rows.items()):
            values = [[row[name] for _pk, row in batch] for name in columns]
            cursor.execute(statement, [[pk for pk, _row in batch], *values])


def _batches(items: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterable[list[tuple[int, Mapping[str, Any]]]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
