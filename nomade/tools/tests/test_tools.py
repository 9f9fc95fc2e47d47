"""Tools are shown to those they are for; administrators keep the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.tools.access import tools_of
from nomade.tools.models import Tool, ToolFavourite

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def make_tool(name: str = "Chronos", **fields: Any) -> Tool:
    return Tool.objects.create(name=name, description="Planning", url="https://outil.example/", **fields)


@pytest.fixture
def administrator() -> Agent:
    administrator = make_agent("Paul", "Girard")
    grant_role(administrator, Role.ADMINISTRATOR, by=None)
    return administrator


@pytest.mark.parametrize(
    ("unit", "role", "seen"),
    [("", "", True), ("DEVE", "", True), ("DPE", "", False), ("DEV", "", False), ("", "editor", False)],
)
def test_a_tool_is_shown_to_its_unit_and_role(unit: str, role: str, seen: bool) -> None:
    agent = make_agent(unit=make_unit("DEVE/J15"))
    make_tool(unit=make_unit(unit) if unit else None, role=role)
    assert tools_of(agent).exists() is seen


def test_a_hidden_tool_is_shown_to_nobody(agent: Agent) -> None:
    make_tool(is_active=False)
    assert not tools_of(agent).exists()


def test_a_role_brings_its_tools(agent: Agent) -> None:
    make_tool(role=Role.EDITOR)
    grant_role(agent, Role.EDITOR, by=None)
    assert tools_of(agent).exists()


def test_a_tool_of_the_site_says_so_from_outside_and_gives_no_link(
    agent: Agent, signed_in: SignIn, settings: Any
) -> None:
    make_tool(on_site_only=True)
    client = signed_in(agent)
    assert 'href="https://outil.example/"' in client.get("/outils/").content.decode()
    settings.NOMADE = replace(settings.NOMADE, zone="internet", professional_networks=())
    page = client.get("/outils/").content.decode()
    assert "Ouvert sur site seulement" in page and "https://outil.example/" not in page


def test_a_favourite_comes_first(agent: Agent, signed_in: SignIn) -> None:
    make_tool("Abaque"), make_tool("Zèbre")
    last = Tool.objects.get(name="Zèbre")
    signed_in(agent).post(f"/outils/{last.pk}/favori/", {"garder": "oui"})
    assert [tool.name for tool in tools_of(agent)] == ["Zèbre", "Abaque"]
    signed_in(agent).post(f"/outils/{last.pk}/favori/", {"garder": "non"})
    assert not ToolFavourite.objects.exists()


def test_a_tool_of_others_cannot_be_kept(agent: Agent, signed_in: SignIn) -> None:
    tool = make_tool(unit=make_unit("AILLEURS"))
    assert signed_in(agent).post(f"/outils/{tool.pk}/favori/", {"garder": "oui"}).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_list_is_kept_by_administrators_alone(agent: Agent, signed_in: SignIn, method: str) -> None:
    tool = make_tool()
    for address in ("nouveau/", f"{tool.pk}/"):
        assert getattr(signed_in(agent), method)(f"/outils/gestion/{address}").status_code == 404
    assert signed_in(agent).get("/outils/gestion/").status_code == 404


def test_an_administrator_adds_a_tool_for_one_unit(administrator: Agent, signed_in: SignIn) -> None:
    make_unit("DEVE")
    form = {"name": "Arbres", "description": "Suivi", "url": "https://arbres.example/", "icon": "map-pin", "order": "5"}
    client = signed_in(administrator)
    answer = client.post("/outils/gestion/nouveau/", form | {"unit_path": "DEVE", "is_active": "on"})
    assert answer.status_code == 302
    assert tools_of(make_agent(unit=make_unit("DEVE/J15"))).get().name == "Arbres"
    assert not tools_of(make_agent(unit=make_unit("DPE"))).exists()
    assert AuditEvent.objects.filter(event="tool.written", actor_id=administrator.pk).count() == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/", "outil", "data:text/html,x"])
def test_an_address_that_is_no_page_is_refused(administrator: Agent, signed_in: SignIn, url: str) -> None:
    form = {"name": "X", "description": "Y", "url": url, "icon": "wrench", "order": "1", "unit_path": "RIEN"}
    answer = signed_in(administrator).post("/outils/gestion/nouveau/", form)
    assert answer.status_code == 422
    assert "Écrivez une adresse" in answer.content.decode() and "Cette unité n’existe pas" in answer.content.decode()
    assert not Tool.objects.exists()


def test_the_page_costs_few_queries(agent: Agent, signed_in: SignIn) -> None:
    for rank in range(30):
        make_tool(f"Outil {rank}", unit=make_unit("DEVE") if rank % 2 else None)
    client = signed_in(agent)
    client.get("/outils/")
    with count_queries(at_most=6):
        assert client.get("/outils/").status_code == 200


def test_a_tool_is_found_by_the_search(agent: Agent, signed_in: SignIn) -> None:
    make_tool("Chronos"), make_tool("Chrome", unit=make_unit("AILLEURS"))
    page = signed_in(agent).get("/recherche/", {"q": "chro"}).content.decode()
    assert "Chronos" in page and "Chrome" not in page
