"""Who supervises and who decides are one rule read from its two ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.people.access import deciders_for, supervised_by
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, Delegation

pytestmark = pytest.mark.django_db


def test_the_head_above_supervises_whom_no_nearer_head_does() -> None:
    director = make_agent("Denise", "Haute", unit=make_unit("DEVE"))
    make_unit("DEVE", head=director)
    chief = make_agent("Marc", "Milieu", unit=make_unit("DEVE/SD"))
    gardener = make_agent("Zoé", "Terrain", unit=make_unit("DEVE/SD/J15"))
    assert set(supervised_by(director)) == {chief, gardener}
    make_unit("DEVE/SD", head=chief)
    assert set(supervised_by(director)) == {chief}
    assert set(supervised_by(chief)) == {gardener}


def test_supervising_and_deciding_agree_for_everybody() -> None:
    director = make_agent("Denise", "Haute", unit=make_unit("DEVE"))
    make_unit("DEVE", head=director)
    chief = make_agent("Marc", "Milieu", unit=make_unit("DEVE/SD"), supervisor=director)
    make_unit("DEVE/SD", head=chief)
    make_agent("Zoé", "Terrain", unit=make_unit("DEVE/SD/J15"))
    make_agent("Luc", "Nommé", unit=make_unit("DEVE/SD/J15"), supervisor=director)
    make_agent("Ève", "Voisine", unit=make_unit("DEVE/SD2"))
    herself = make_agent("Anne", "Seule", unit=make_unit("DEVE/SD/J15"))
    herself.assignments.update(supervisor=herself)
    stand_in = make_agent("Paul", "Ailleurs", unit=make_unit("DFPE"))
    for giver in (chief, director):
        Delegation.objects.create(
            giver=giver, receiver=stand_in, created_by=giver, valid_from=today(), valid_to=today() + timedelta(days=9)
        )
    by_deciding = {(d.pk, agent.pk) for agent in Agent.objects.all() for d in deciders_for(agent)}
    by_supervising = {(chief_.pk, agent.pk) for chief_ in Agent.objects.all() for agent in supervised_by(chief_)}
    assert by_deciding == by_supervising


def test_who_leads_nobody_costs_one_query() -> None:
    gardener = make_agent("Zoé", "Terrain", unit=make_unit("DEVE/SD/J15"))
    with count_queries(at_most=1):
        assert not Agent.objects.filter(pk__in=supervised_by(gardener).values("pk")).exists()
