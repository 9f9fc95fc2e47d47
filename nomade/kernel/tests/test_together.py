"""Several small lists in one statement."""

from __future__ import annotations

import pytest

from nomade.kernel.testing import count_queries
from nomade.kernel.together import together
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, OrgUnit, Situation

pytestmark = pytest.mark.django_db


def test_the_rows_of_each_query_are_the_very_models_in_one_statement() -> None:
    unit = make_unit("DEVE")
    camille, ali = make_agent("Camille", "Durand", unit=unit), make_agent("Ali", "Autre", unit=unit)
    with count_queries(at_most=1):
        agents, units, nobody = together(
            Agent.objects.order_by("first_name"), OrgUnit.objects.filter(path="DEVE"), Situation.objects.filter(agent=0)
        )
    assert agents == [ali, camille] and units == [unit] and nobody == []
    for found, kept in zip(agents, Agent.objects.order_by("first_name"), strict=True):
        for field in Agent._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(kept, field.attname), field.name


def test_nothing_asked_is_nothing_answered() -> None:
    with count_queries(at_most=0):
        assert together() == []


def test_a_join_is_refused() -> None:
    with pytest.raises(ValueError, match="without joins"):
        together(Situation.objects.select_related("agent"))
