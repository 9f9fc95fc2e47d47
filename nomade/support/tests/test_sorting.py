"""Groups and categories, changed by technicians."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.support.models import Category, Team

pytestmark = pytest.mark.django_db
TEAM, CATEGORY = "/bureau/classement/groupe/poste/", "/bureau/classement/categorie/impression/"


def test_a_group_is_made_of_technicians(technician: Agent, desk: Client) -> None:
    assert desk.get(TEAM).status_code == 200
    assert desk.post(TEAM, {"members": [technician.pk]}).status_code == 303
    assert list(Team.objects.get(code="poste").members.all()) == [technician]
    assert "Lucas Petit" in desk.get("/bureau/classement/").content.decode()
    assert desk.post(TEAM, {"members": [make_agent().pk]}).status_code == 422
    assert list(Team.objects.get(code="poste").members.all()) == [technician]
    assert AuditEvent.objects.filter(event="support.team_changed", actor_id=technician.pk).count() == 1


def test_a_category_is_renamed_led_elsewhere_or_withdrawn(desk: Client, agent: Agent) -> None:
    team = Team.objects.get(code="applications")
    sent = {"label": "Imprimantes", "hint": "Tout ce qui imprime", "team": team.pk, "priority": "2"}
    assert desk.post(CATEGORY, sent).status_code == 303
    kept = Category.objects.get(code="impression")
    assert (kept.label, kept.team, kept.priority, kept.active) == ("Imprimantes", team, 2, False)
    assert desk.post(CATEGORY, {**sent, "label": "", "priority": "9"}).status_code == 422
    assert Category.objects.get(code="impression").label == "Imprimantes"


@pytest.mark.parametrize("address", ["/bureau/classement/", TEAM, CATEGORY])
def test_nobody_else_changes_them(
    address: str, agent: Agent, supervisor: Agent, signed_in: Callable[..., Client]
) -> None:
    for stranger in (agent, supervisor):
        client = signed_in(stranger, "support")
        assert client.get(address).status_code == 404
        assert client.post(address, {"members": []}).status_code == 404
