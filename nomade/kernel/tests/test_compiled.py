"""Queries compiled once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nomade.kernel.clock import now, today
from nomade.kernel.compiled import Compiled, NotAValue, within
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, OrgUnit

pytestmark = pytest.mark.django_db


def test_each_run_gives_the_rows_of_its_own_values() -> None:
    first, second = make_agent(), make_agent()
    one = Compiled(lambda pk: Agent.objects.filter(pk=pk))

    assert one.rows(pk=first.pk) == [first]
    assert one.rows(pk=second.pk) == [second]
    assert one.first(pk=0) is None


def test_it_says_what_django_says() -> None:
    unit = make_unit()
    compiled = Compiled(lambda path, day: OrgUnit.objects.existing(day).filter(path=path).select_related("parent"))
    expected = OrgUnit.objects.existing(today()).filter(path=unit.path).select_related("parent")

    asked: list[tuple[str, list[object]]] = []

    def hear(execute: Callable[..., object], sql: str, params: Sequence[object], many: bool, context: object) -> object:
        asked.append((sql, list(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        assert compiled.rows(path=unit.path, day=today()) == list(expected)

    ours, theirs = asked
    assert ours == theirs


def test_related_rows_plain_values_and_flat_values_come_as_the_queryset_asks() -> None:
    below = make_unit("DEVE/PARCS")
    unit = below.parent
    assert unit is not None
    models = Compiled(lambda pk: OrgUnit.objects.filter(pk=pk).select_related("parent"))
    pairs = Compiled(lambda pk: OrgUnit.objects.filter(pk=pk).values_list("pk", "parent__code"))
    flat = Compiled(lambda pk: OrgUnit.objects.filter(pk=pk).values_list("code", flat=True))

    with CaptureQueriesContext(connection) as captured:
        found = models.first(pk=below.pk)
        assert found is not None
        assert found.parent == unit
    assert len(captured) == 1
    assert pairs.rows(pk=below.pk) == [(below.pk, unit.code)]
    assert flat.rows(pk=below.pk) == [below.code]


def test_a_list_is_one_parameter_whatever_its_length() -> None:
    agents = [make_agent() for _ in range(3)]
    several = Compiled(lambda ids: Agent.objects.filter(pk__in=within(ids, "bigint")).order_by("pk"))

    assert several.rows(ids=[agents[0].pk]) == agents[:1]
    assert several.rows(ids=[agent.pk for agent in agents]) == agents


def test_a_query_that_computes_from_a_value_is_refused() -> None:
    with pytest.raises(NotAValue, match="computes"):
        Compiled(lambda day: Agent.objects.filter(exit_date=day + timedelta(days=1))).rows(day=date(2026, 1, 1))
    with pytest.raises(NotAValue, match="computes"):
        Compiled(lambda name: Agent.objects.filter(last_name__contains=name)).rows(name="a")


def test_a_query_that_forgets_a_value_or_takes_one_of_another_kind_is_refused() -> None:
    with pytest.raises(NotAValue, match="does not use other"):
        Compiled(lambda pk, other: Agent.objects.filter(pk=pk)).rows(pk=1, other=2)
    with pytest.raises(NotAValue, match="NoneType"):
        Compiled(lambda day: Agent.objects.filter(exit_date=day)).rows(day=None)


def test_a_query_that_asks_the_time_is_refused() -> None:
    with pytest.raises(RuntimeError, match="pass it as a value"):
        Compiled(lambda pk: Agent.objects.filter(pk=pk).present(today())).rows(pk=1)
    assert now() is not None
