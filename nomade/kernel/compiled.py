"""Queries written with the ORM and compiled once: what a page asks at each view, without writing its SQL again.

Building a queryset and turning it into SQL takes longer than PostgreSQL takes to answer: a half to one millisecond a
query, always for the same text. `Compiled` does both once a process and keeps the SQL; only its values change, and
PostgreSQL keeps its plan (`prepared`).
"""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from nomade.kernel.clock import unasked
from nomade.kernel.prepared import Preparing

Row = TypeVar("Row")
# Two of each kind: what a query computes from a value would differ between them, and is refused.
_MARKS = (21_001, 22_003)  # small: a year or an order is kept in two bytes
_FIRST_DAYS = (date(7001, 1, 3), date(8003, 5, 7))


def within(values: list[Any], kind: str) -> RawSQL:
    """The values of a list as one parameter, for `__in`; `kind` is a type of PostgreSQL written by us."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [values])  # noqa: S611  # the type is ours, the values are a parameter


class NotAValue(ValueError):
    """A query does something else with a value than passing it: it cannot be compiled once and for all."""


def _mark(value: Any, position: int, which: int) -> Any:
    """Something recognisable of the same type as a value."""
    number = _MARKS[which] + position
    if isinstance(value, datetime):
        day = _FIRST_DAYS[which]
        return datetime(day.year, day.month, day.day, 1, 2, 3, position, tzinfo=UTC)
    if isinstance(value, date):
        return _FIRST_DAYS[which] + timedelta(days=position)
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=number)
    if isinstance(value, list) and value:
        return [_mark(value[0], position, which)]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise NotAValue(f"a value of type {type(value).__name__} cannot be given to a compiled query")
    return f"mark-{number}" if isinstance(value, str) else number


class _Given:
    """The place of a value among the parameters; `kind` is what the driver wants it as."""

    def __init__(self, name: str, kind: type) -> None:
        self.name, self.kind = name, kind

    def value(self, values: dict[str, Any]) -> Any:
        given = values[self.name]
        return given if type(given) is self.kind else self.kind(given)


class _Ready:
    """What a queryset asks of its query when it is run: a compiler whose SQL is already there."""

    def __init__(self, compiler: Any, sql: str, parameters: tuple[Any, ...], converters: dict[int, Any]) -> None:
        self._compiler, self._sql, self._parameters, self._converters = compiler, sql, parameters, converters

    def get_compiler(self, using: str | None = None, **_: Any) -> Any:
        compiler = copy.copy(self._compiler)
        compiler.connection = Preparing(using or DEFAULT_DB_ALIAS)
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, self._parameters)
        compiler.get_converters = lambda _columns: self._converters
        return compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler.query, name)


class _Form:
    """One text of SQL, and how to run it."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any]) -> None:
        compiled = [self._compile(build, values, which) for which in range(len(_MARKS))]
        (self._queryset, self._compiler, self._sql, first), (_, _, sql, second) = compiled
        columns = [column for column, *_ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        if sql != self._sql or [type(p) for p in first] != [type(p) for p in second]:
            raise NotAValue("the SQL of the query depends on a value")
        self._parameters = [self._place(values, a, b) for a, b in zip(first, second, strict=True)]
        missing = set(values) - {p.name for p in self._parameters if isinstance(p, _Given)}
        if missing:
            raise NotAValue(f"the query does not use {', '.join(sorted(missing))} as it is given")

    @staticmethod
    def _compile(build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any], which: int) -> Any:
        marks = {name: _mark(value, place, which) for place, (name, value) in enumerate(values.items())}
        with unasked():
            queryset = build(**marks)
            compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, parameters = compiler.as_sql()
        return queryset, compiler, sql, parameters

    @staticmethod
    def _place(values: dict[str, Any], first: Any, second: Any) -> Any:
        for place, (name, value) in enumerate(values.items()):
            if first == _mark(value, place, 0) and second == _mark(value, place, 1):
                return _Given(name, type(first))
        if first != second:
            raise NotAValue(f"the query computes something from a value, or asks the time: {first!r}")
        return first

    def run(self, values: dict[str, Any]) -> list[Any]:
        parameters = tuple(p.value(values) if isinstance(p, _Given) else p for p in self._parameters)
        source = self._queryset
        asked: Any = QuerySet(source.model)
        asked._query = _Ready(self._compiler, self._sql, parameters, self._converters)  # noqa: SLF001  # a queryset of ours, made here
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
            setattr(asked, name, getattr(source, name))
        return list(asked)


class Compiled(Generic[Row]):
    """A query whose SQL is made once a process.

        _living = Compiled(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))
        row = _living.first(key=…, at=now())

    The function gives a queryset. It is called twice, with made-up values of the types first seen: it must only pass
    them on (no arithmetic, no None), read neither clock nor setting, and slice if rows are to be limited. A list is
    one parameter, an array: `field__in=within(ids, "bigint")`.
    What it does otherwise with a value raises `NotAValue` at the first use.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._form: _Form | None = None
        self._guard = threading.Lock()

    def rows(self, **values: Any) -> list[Row]:
        """All the rows, with what the queryset prefetches."""
        form = self._form
        if form is None:
            with self._guard:
                form = self._form = self._form or _Form(self._build, values)
        return form.run(values)

    def first(self, **values: Any) -> Row | None:
        """The first row, or None; the queryset says how many may be read."""
        return next(iter(self.rows(**values)), None)
