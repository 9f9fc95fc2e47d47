"""The visit of the portal and the helps of each role."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from nomade.home.tour import GUIDES, STEPS
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_supervised_pair
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def test_the_home_page_proposes_the_visit_until_it_is_skipped(agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    assert "Première visite" in client.get("/").content.decode()
    page = client.post("/visite/terminee/", follow=True).content.decode()
    assert "Première visite" not in page and 'role="status"' in page
    assert "Première visite" in signed_in(make_agent()).get("/").content.decode()


def test_seeing_the_visit_again_keeps_the_first_moment(agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    client.post("/visite/terminee/")
    agent.account.refresh_from_db()
    first = agent.account.guide_seen_at
    client.post("/visite/terminee/")
    agent.account.refresh_from_db()
    assert agent.account.guide_seen_at == first is not None


def test_the_visit_is_walked_step_by_step_and_can_be_skipped_at_each(agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    address, seen, page = "/visite/", [], ""
    while address:
        page = client.get(address).content.decode()
        seen.append(re.search(r'id="etape">([^<]+)<', page)[1])  # type: ignore[index]  # each step has a title
        assert "Passer la visite" in page
        following = re.search(r'href="([^"]+)" id="continuer"', page)
        address = following[1] if following else ""
    assert seen == [str(label) for _key, label in STEPS]
    assert "Terminer la visite" in page


def test_the_visit_shows_the_services_that_this_agent_may_open(signed_in: SignIn) -> None:
    page = signed_in(make_agent()).get("/visite/services/").content.decode()
    assert "Mes congés" in page and "Trouver un collègue" in page


def test_a_step_or_a_guide_that_does_not_exist_is_not_found(agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    assert client.get("/visite/rien/").status_code == 404
    assert client.get("/aide/guides/rien/").status_code == 404
    assert client.get("/visite/terminee/").status_code == 405


def test_one_s_own_guides_come_first(signed_in: SignIn) -> None:
    _agent, supervisor = make_supervised_pair()
    grant_role(supervisor, Role.EDITOR, by=None)
    page = signed_in(supervisor).get("/aide/guides/").content.decode()
    mine = page.partition('id="autres"')[0]
    assert "Vous encadrez une équipe" in mine and "Vous êtes rédacteur" in mine
    assert "Vous êtes gestionnaire de paie" not in mine and "Vous êtes gestionnaire de paie" in page


@pytest.mark.parametrize("key", [guide.key for guide in GUIDES])
def test_every_link_of_a_guide_leads_somewhere(agent: Agent, signed_in: SignIn, key: str) -> None:
    written = Path(__file__).parents[1].joinpath(f"templates/home/roles/{key}.html").read_text()
    page = signed_in(agent).get(f"/aide/guides/{key}/").content.decode()
    for view in re.findall(r'open\("([^"]+)"', written):
        assert f'href="{reverse(view)}"' in page


def test_a_guide_is_found_by_the_search(agent: Agent, signed_in: SignIn) -> None:
    page = signed_in(agent).get("/recherche/", {"q": "repondre demande"}).content.decode()
    assert "/aide/guides/responsable/" in page and "/aide/guides/auditeur/" not in page
    assert "/aide/guides/" not in signed_in(agent).get("/recherche/", {"q": "de"}).content.decode()


def test_every_role_has_its_guide() -> None:
    told = {guide.role for guide in GUIDES}
    assert {"", "supervisor", *Role.values} - told <= {Role.DISABILITY_REFERENT, Role.DATA_PROTECTION_OFFICER}


def test_the_pages_cost_few_queries(agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    client.get("/visite/services/")
    for address in ("/visite/services/", "/aide/guides/", "/aide/guides/agent/"):
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200
