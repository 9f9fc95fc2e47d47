"""The search shows what an agent may see, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from nomade.directory.actions.lines import refresh
from nomade.kernel import registry
from nomade.kernel.errors import Unavailable
from nomade.kernel.registry import SearchResult
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def page(client: Client, query: str) -> str:
    answer = client.get("/recherche/", {"q": query})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(("typed", "address"), [("bulletin", "/paie/"), ("vacances", "/conges/"), ("RTT", "/conges/")])
def test_a_service_is_found_by_the_words_of_agents(agent: Agent, signed_in: SignIn, typed: str, address: str) -> None:
    assert f'class="result" href="{address}"' in page(signed_in(agent), typed)


def test_people_are_found(agent: Agent, signed_in: SignIn) -> None:
    make_agent("Éloïse", "Lefèvre", post="Élagueuse")
    refresh()
    assert "Éloïse Lefèvre" in page(signed_in(agent), "elois lef")


def test_the_back_office_is_proposed_to_who_may_open_it_only(agent: Agent, signed_in: SignIn) -> None:
    assert 'class="result" href="/administration/"' not in page(signed_in(agent), "administration")
    grant_role(agent, Role.ADMINISTRATOR, by=None)
    assert 'class="result" href="/administration/"' in page(signed_in(agent), "administration")


def test_a_mailbox_that_somebody_has_not_is_not_proposed(signed_in: SignIn) -> None:
    assert "/messagerie/" not in page(signed_in(make_agent(has_mailbox=False)), "messagerie")


def test_one_service_that_is_down_hides_no_other(
    agent: Agent, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_request: Any, _text: str) -> list[SearchResult]:
        raise Unavailable("mail", "La messagerie ne répond pas.")

    known = registry._services
    monkeypatch.setitem(known, "mail", replace(known["mail"], search=down))
    found = page(signed_in(agent), "paie")
    assert "La messagerie ne répond pas." in found and 'class="result" href="/paie/"' in found


def test_what_is_typed_is_never_markup(agent: Agent, signed_in: SignIn) -> None:
    assert "<script>alert" not in page(signed_in(agent), '<script>alert(1)</script>"')


@pytest.mark.parametrize("typed", ["durand", "congé", "formation", "écran bloqué"])
def test_a_search_costs_few_queries(agent: Agent, signed_in: SignIn, typed: str) -> None:
    client = signed_in(agent)
    page(client, "a")
    with count_queries(at_most=12):
        page(client, typed)


def test_typing_brings_the_results_alone(agent: Agent, signed_in: SignIn) -> None:
    answer = signed_in(agent).get("/recherche/", {"q": "paie"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode() and "/paie/" in answer.content.decode()


def test_the_help_is_found_and_opens_at_its_place(agent: Agent, signed_in: SignIn) -> None:
    assert 'href="/aide/#aide-leave"' in page(signed_in(agent), "arrêt travail")
    assert 'id="aide-leave"' in signed_in(agent).get("/aide/").content.decode()


def test_each_page_leads_to_its_own_help(agent: Agent, signed_in: SignIn) -> None:
    assert 'href="/aide/#aide-payslips"' in signed_in(agent).get("/paie/").content.decode()
    assert 'href="/aide/"' in signed_in(agent).get("/compte/").content.decode()
