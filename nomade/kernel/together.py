"""Small lists of several tables in one statement: a page made of many short parts asks once for all of them."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import BinaryField, Model, QuerySet


def together(*querysets: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each query, as models, in one statement.

    For whole rows of small tables: no join, no annotation, no binary column (raises ValueError).
    """
    if not querysets:
        return []
    parts, values = [], []
    for queryset in querysets:
        _check(queryset)
        sql, params = queryset.query.get_compiler(connection=connection).as_sql()
        parts.append(f"(SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM ({sql}) t)")  # noqa: S608  # the ORM wrote it
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        row = cursor.fetchone()
    return [_models(queryset.model, lines) for queryset, lines in zip(querysets, row, strict=True)]


def _check(queryset: QuerySet[Any]) -> None:
    if queryset.query.select_related or queryset.query.annotations:
        raise ValueError("rows together are whole rows, without joins nor annotations")
    if any(isinstance(field, BinaryField) for field in _fields(queryset.model)):
        raise ValueError("a binary column does not go through JSON")


def _models(model: type[Model], lines: Any) -> list[Any]:
    fields = _fields(model)
    names = [field.attname for field in fields]
    found = json.loads(lines) if isinstance(lines, str) else lines
    values = ([field.to_python(line[field.column]) for field in fields] for line in found)
    return [model.from_db(connection.alias, names, row) for row in values]


def _fields(model: type[Model]) -> list[Any]:
    return list(model._meta.concrete_fields)  # noqa: SLF001  # the documented way to the fields of a model
