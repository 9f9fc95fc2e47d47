"""Useful pages: a small tree, its keepers, and the owners who read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.news import pages
from nomade.news.models import Page
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def keeper() -> Agent:
    keeper = make_agent("Inès", "Moreau")
    grant_role(keeper, Role.EDITOR, by=None)
    return keeper


def make_page(writer: Agent, title: str = "Congé de maternité", **fields: Any) -> Page:
    values: dict[str, Any] = {"title": title, "summary": "", "body": "Les démarches", "parent": None, "owner": writer}
    values |= {"review_by": today() + timedelta(days=90), "order": 10, "is_shown": True}
    return pages.write(None, values | fields, by=writer, request=None)


def typed(writer: Agent, **changes: Any) -> dict[str, Any]:
    day = (today() + timedelta(days=30)).isoformat()
    return {"title": "Mutuelle", "owner": writer.matricule, "review_by": day, "order": "5", "is_shown": "on"} | changes


def test_everybody_reads_and_finds_a_page(keeper: Agent, agent: Agent, signed_in: SignIn) -> None:
    top = make_page(keeper)
    make_page(keeper, "Les dates", parent=top)
    client = signed_in(agent)
    assert "Les dates" in client.get("/actualites/pages/").content.decode()
    assert "Les démarches" in client.get(f"/actualites/pages/{top.slug}/").content.decode()
    assert "Congé de maternité" in client.get("/actualites/pages/", {"q": "MATERNITE démarche"}).content.decode()
    assert "Congé de maternité" in client.get("/recherche/", {"q": "maternite"}).content.decode()


def test_a_hidden_page_is_for_its_keepers(keeper: Agent, agent: Agent, signed_in: SignIn) -> None:
    page = make_page(keeper, is_shown=False)
    assert signed_in(agent).get(f"/actualites/pages/{page.slug}/").status_code == 404
    assert "maternité" not in signed_in(agent).get("/actualites/pages/", {"q": "maternite"}).content.decode().replace(
        "Maternité, mutuelle", ""
    )
    assert signed_in(keeper).get(f"/actualites/pages/{page.slug}/").status_code == 200


@pytest.mark.parametrize("local", [True, False])
def test_only_editors_of_the_whole_organisation_write(keeper: Agent, signed_in: SignIn, local: bool) -> None:
    other = make_agent("Ali", "Autre")
    if local:
        grant_role(other, Role.EDITOR, by=None, perimeter=make_unit("DEVE"))
    page = make_page(keeper)
    client = signed_in(other)
    for address in ("nouvelle/", f"{page.slug}/modifier/"):
        assert client.get(f"/actualites/pages/{address}").status_code == 404
        assert client.post(f"/actualites/pages/{address}", typed(other)).status_code == 404
    assert Page.objects.count() == 1


def test_a_keeper_writes_a_page(keeper: Agent, signed_in: SignIn) -> None:
    make_page(keeper, "Mutuelle")
    answer = signed_in(keeper).post("/actualites/pages/nouvelle/", typed(keeper))
    assert answer["Location"] == "/actualites/pages/mutuelle-2/"


def test_a_wrong_page_keeps_what_was_typed(keeper: Agent, signed_in: SignIn) -> None:
    answer = signed_in(keeper).post("/actualites/pages/nouvelle/", typed(keeper, owner="INCONNU", body="Un texte long"))
    assert answer.status_code == 422
    assert "Aucun agent n’a ce matricule" in answer.content.decode() and "Un texte long" in answer.content.decode()


def test_a_page_is_never_below_itself_nor_too_deep(keeper: Agent, signed_in: SignIn) -> None:
    one = make_page(keeper, "Un")
    two = make_page(keeper, "Deux", parent=one)
    three = make_page(keeper, "Trois", parent=two)
    client = signed_in(keeper)
    loop = client.post(f"/actualites/pages/{one.slug}/modifier/", typed(keeper, title="Un", parent=str(three.pk)))
    deep = client.post("/actualites/pages/nouvelle/", typed(keeper, parent=str(three.pk)))
    assert (loop.status_code, deep.status_code) == (422, 422)
    assert "sous elle-même" in loop.content.decode() and "trois niveaux" in deep.content.decode()


def test_two_keepers_do_not_erase_each_other(keeper: Agent, signed_in: SignIn) -> None:
    page = make_page(keeper)
    make = signed_in(keeper).post
    assert make(f"/actualites/pages/{page.slug}/modifier/", typed(keeper, version="1")).status_code == 302
    assert make(f"/actualites/pages/{page.slug}/modifier/", typed(keeper, version="1")).status_code == 422


def test_an_owner_is_asked_to_read_again(keeper: Agent, agent: Agent, signed_in: SignIn) -> None:
    make_page(keeper, owner=agent, review_by=today() - timedelta(days=1))
    assert "Page à relire" in signed_in(agent).get("/").content.decode()
    assert "Page à relire" not in signed_in(keeper).get("/").content.decode()


def test_pages_cost_few_queries(keeper: Agent, agent: Agent, signed_in: SignIn) -> None:
    for rank in range(30):
        make_page(keeper, f"Page {rank}")
    client = signed_in(agent)
    client.get("/actualites/pages/")
    with count_queries(at_most=6):
        assert client.get("/actualites/pages/").status_code == 200
