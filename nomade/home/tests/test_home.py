"""The home page is made of what the services offer, and survives one that is down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.home import overview as module
from nomade.kernel.errors import Unavailable
from nomade.kernel.registry import HomeCard, Service, TodoItem
from nomade.kernel.testing import count_queries
from nomade.people.models import Agent

BLANK = Service(key="blank", label="Blanc", prefix="blanc/", urls="nomade.home.urls")


def offered(monkeypatch: pytest.MonkeyPatch, *services: Service) -> None:
    monkeypatch.setattr(module, "services_open_to", lambda _request: list(services))


def item(title: str, *, due: date | None = None, urgent: bool = False) -> TodoItem:
    return TodoItem(title, "détail", "/la/", "Ouvrir", "file-text", due, urgent)


def down(_request: Any) -> Any:
    raise Unavailable("imap", "La messagerie ne répond pas.")


def page_of(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_agent_is_greeted_by_their_first_name(agent: Agent, signed_in: Callable[..., Client]) -> None:
    assert f"Bonjour {agent.first_name}" in page_of(signed_in(agent))


def test_nobody_sees_it_without_signing_in(db: None) -> None:
    answer = client_on().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")


def test_with_nothing_to_do_the_page_says_what_will_appear(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(monkeypatch, BLANK)
    assert "Rien ne vous attend." in page_of(signed_in(agent))


def test_only_services_in_which_something_waits_are_asked(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = replace(BLANK, key="waits", todo=lambda _request: [item("Attend")], may_wait="%(agent)s > 0")
    silent = replace(BLANK, key="silent", todo=down, may_wait="%(agent)s < 0")
    offered(monkeypatch, waits, silent)
    shown = page_of(signed_in(agent))
    assert "Attend" in shown
    assert "ne répond pas" not in shown


def test_what_is_urgent_comes_first_then_the_nearest_date(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [item("Sans date"), item("Décembre", due=date(2026, 12, 1)), item("Novembre", due=date(2026, 11, 30))]
    offered(
        monkeypatch,
        replace(BLANK, todo=lambda _request: items),
        replace(BLANK, key="other", todo=lambda _request: [item("Urgent", urgent=True)]),
    )
    html = page_of(signed_in(agent))
    places = [html.index(title) for title in ("Urgent", "Novembre", "Décembre", "Sans date")]
    assert places == sorted(places)
    assert "avant le 30 novembre" in html


def test_only_the_first_action_is_the_primary_one(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(monkeypatch, replace(BLANK, todo=lambda _request: [item("Un"), item("Deux")]))
    html = page_of(signed_in(agent)).partition('id="a-faire"')[2]
    assert html.count('<a class="button button--primary"') == 1
    assert html.count('<a class="button button--secondary"') == 1


def test_what_a_service_says_is_escaped(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(monkeypatch, replace(BLANK, todo=lambda _request: [item("<img src=x>")]))
    assert "<img src=x>" not in page_of(signed_in(agent))


def test_a_service_that_is_down_is_named_and_hides_no_other(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(
        monkeypatch,
        replace(BLANK, home_card=HomeCard("ui/error_fragment.html", 1, down)),
        replace(BLANK, key="other", todo=lambda _request: [item("Toujours là")]),
    )
    html = page_of(signed_in(agent))
    assert "La messagerie ne répond pas." in html
    assert 'role="alert"' in html
    assert "Toujours là" in html


def test_a_card_without_content_is_left_out_and_the_others_follow_their_order(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def card(title: str, order: int) -> HomeCard:
        context = {"title": title, "message": "", "reference": ""}
        return HomeCard("ui/error_fragment.html", order, lambda _request: context)

    offered(
        monkeypatch,
        replace(BLANK, home_card=card("Seconde", 20)),
        replace(BLANK, key="b", home_card=card("Première", 10)),
        replace(BLANK, key="c", home_card=HomeCard("ui/error_fragment.html", 5, lambda _request: None)),
    )
    html = page_of(signed_in(agent))
    assert html.index("Première") < html.index("Seconde")
    assert html.count('class="alert alert--danger"') == 2


def test_the_whole_page_keeps_to_twelve_queries(agent: Agent, signed_in: Callable[..., Client]) -> None:
    client = signed_in(agent)
    page_of(client)
    with count_queries(12):
        page_of(client)
