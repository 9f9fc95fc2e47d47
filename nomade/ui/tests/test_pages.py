"""Error pages, public pages, theme, manifest: what stands around the services."""

from __future__ import annotations

import errno
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse, set_urlconf

from nomade.accounts.testing import client_on
from nomade.kernel.errors import Refusal, Unavailable
from nomade.kernel.hosts import URLCONFS
from nomade.kernel.http import HostRole
from nomade.kernel.testing import count_queries
from nomade.people.models import Agent
from nomade.ui import errors
from nomade.ui.appearance import brand_css, hue_and_chroma
from nomade.ui.middleware import ErrorMiddleware


@contextmanager
def override(urlconf: str) -> Iterator[None]:
    set_urlconf(urlconf)
    try:
        yield
    finally:
        set_urlconf(None)


def asked(path: str = "/x/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.reference = "ABCD-2345"  # type: ignore[attr-defined]
    request.host_role = "portal"  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize("status", [400, 403, 404, 405, 422, 500, 503])
def test_an_error_page_says_what_happened_and_its_reference_without_the_database(status: int) -> None:
    # No `db` fixture: pytest-django fails any test that touches the database here.
    html = errors.error_page(asked(), status, "Voici la raison.").content.decode()
    assert "Voici la raison." in html
    assert "ABCD-2345" in html
    assert 'lang="fr"' in html
    assert 'role="alert"' in html


@pytest.mark.django_db
def test_the_address_of_a_form_that_is_only_opened_says_so(agent: Agent, signed_in: Callable[[Agent], Client]) -> None:
    answer = signed_in(agent).get("/deconnexion/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Elle reçoit un formulaire" in answer.content.decode()


def test_htmx_receives_the_sentence_of_an_error_and_not_a_page_inside_the_page() -> None:
    html = errors.error_page(asked(**{"HX-Request": "true"}), 422, "Trop tard.").content.decode()
    assert "Trop tard." in html
    assert "<html" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nulle-part/?jeton=secret", {}, 404),
        ("GET", "/paie/0a0a0a0a-0000-0000-0000-000000000000/", {}, 404),
        ("GET", "/deconnexion/", {}, 405),
        ("GET", "/", {"host": "ailleurs.example"}, 400),
        ("POST", "/deconnexion/", {"Origin": "https://ailleurs.example"}, 403),
    ],
)
def test_the_reference_of_an_error_leads_to_a_line_of_the_log(
    agent: Agent,
    signed_in: Callable[[Agent], Client],
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    client = signed_in(agent)
    client.handler.enforce_csrf_checks = True
    with caplog.at_level(logging.INFO, "nomade.request"):
        answer = client.generic(method, path, headers=headers)
    assert answer.status_code == status
    reference = re.search(r"<code[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4})</code>", answer.content.decode())
    assert reference is not None
    line = next(record.getMessage() for record in caplog.records if reference[1] in record.getMessage())
    assert f"status={status}" in line and "secret" not in line


def test_an_error_message_is_escaped() -> None:
    assert "<script>alert" not in errors.error_page(asked(), 422, "<script>alert(1)</script>").content.decode()


def test_a_page_that_failed_can_be_tried_again_but_a_form_is_not_sent_twice() -> None:
    assert "Réessayer" in errors.error_page(asked(), 503, "En panne.").content.decode()
    sent = RequestFactory().post("/x/")
    assert "Réessayer" not in errors.error_page(sent, 503, "En panne.").content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Refusal("Solde insuffisant."), 422, "Solde insuffisant."),
        (Unavailable("imap", "La messagerie ne répond pas."), 503, "La messagerie ne répond pas."),
        (OperationalError("connection refused"), 503, "base de données"),
        (OSError(errno.ENOSPC, "No space left on device"), 503, "n’a plus de place pour écrire"),
    ],
)
def test_what_no_view_caught_becomes_a_page(error: Exception, status: int, words: str) -> None:
    middleware = ErrorMiddleware(lambda _request: pytest.fail("not called"))
    answer = middleware.process_exception(asked(), error)
    assert answer is not None
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_full_disk_of_the_database_is_said_as_what_it_is() -> None:
    middleware = ErrorMiddleware(lambda _request: pytest.fail("not called"))
    with pytest.raises(OperationalError) as full, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$")
    answer = middleware.process_exception(asked(), full.value)
    assert answer is not None and answer.status_code == 503
    assert "n’a plus de place pour écrire" in answer.content.decode()


def test_a_bug_is_not_dressed_up_as_a_refusal() -> None:
    middleware = ErrorMiddleware(lambda _request: pytest.fail("not called"))
    assert middleware.process_exception(asked(), OSError(errno.ENOENT, "absent")) is None
    assert middleware.process_exception(asked(), KeyError("x")) is None


def test_a_database_down_before_any_view_is_a_503_and_its_text_stays_in_the_log() -> None:
    def fail() -> None:
        raise OperationalError("password of nomade refused")

    answer = None
    try:
        fail()
    except OperationalError:
        answer = errors.server_error(asked())
    assert answer is not None
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "password" not in answer.content.decode()


def test_an_unknown_address_shows_the_page_and_the_reference_of_the_answer(db: None) -> None:
    answer = client_on().get("/nulle-part/")
    assert answer.status_code == 404
    assert answer["X-Request-Reference"] in answer.content.decode()


@pytest.mark.parametrize("host", ["content"])
def test_an_error_page_needs_no_address_that_its_host_does_not_have(host: HostRole) -> None:
    request = asked()
    request.host_role = host  # type: ignore[attr-defined]
    with override(URLCONFS[host]):
        html = errors.error_page(request, 404, "Rien ici.").content.decode()
    assert "Rien ici." in html
    assert "manifest" not in html


@pytest.mark.parametrize("path", ["/accessibilite/", "/donnees-personnelles/", "/aide/"])
def test_public_pages_open_before_sign_in(db: None, path: str) -> None:
    answer = client_on().get(path)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert re.search(r"<title>[^<]+ · Nomade</title>", html)
    assert 'href="#contenu"' in html


def test_the_statement_admits_what_is_not_reached(db: None) -> None:
    html = client_on().get("/accessibilite/").content.decode()
    assert "partiellement conforme" in html
    assert "Défenseur des droits" in html


def test_a_theme_is_kept_in_a_cookie_that_scripts_cannot_read(db: None) -> None:
    client = client_on()
    answer = client.post("/apparence/", {"theme": "dark", "suite": "/aide/"})
    assert (answer.status_code, answer["Location"]) == (303, "/aide/")
    cookie = answer.cookies["__Host-theme"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert 'data-theme="dark"' in client.get("/aide/").content.decode()


def test_a_theme_never_leads_elsewhere_nor_takes_any_value(db: None) -> None:
    client = client_on()
    assert client.post("/apparence/", {"theme": "dark", "suite": "//ailleurs.example/"})["Location"] == "/"
    assert client.post("/apparence/", {"theme": '"><script>'}).status_code == 422
    assert client.get("/apparence/").status_code == 405


def test_a_forged_theme_cookie_is_ignored(db: None) -> None:
    client = client_on()
    client.cookies["__Host-theme"] = "x' onload='alert(1)"
    assert "data-theme=" not in client.get("/aide/").content.decode()


def test_the_portal_can_be_installed(db: None) -> None:
    answer = client_on().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    content = json.loads(answer.content)
    assert content["display"] == "standalone"
    assert {icon.get("purpose", "any") for icon in content["icons"]} == {"any", "maskable"}


def test_a_citys_colour_gives_its_hue_and_keeps_our_lightness() -> None:
    hue, chroma = hue_and_chroma("#1d3f7a")
    assert 255 < hue < 265
    assert 0.09 < chroma < 0.13
    assert hue_and_chroma("#808080")[1] < 0.001
    assert re.fullmatch(
        r"@layer tokens\{:root:root\{--brand-hue:[\d.]+;--brand-chroma:0\.120\}\}\n", brand_css("#ff0000")
    )


def test_the_shell_costs_one_query_at_most(db: None, agent: Agent, signed_in: Callable[..., Client]) -> None:
    client = signed_in(agent)
    client.get("/aide/")
    # Session with its account and agent, activity, bell; the page of devices adds two of its own.
    with count_queries(6):
        client.get("/compte/securite/appareils/")


def test_each_signed_in_page_shows_a_way_out_by_post(db: None, agent: Agent, signed_in: Callable[..., Client]) -> None:
    html = signed_in(agent).get("/compte/").content.decode()
    out = re.findall(rf'<form[^>]*method="post" action="{reverse("accounts:sign-out")}"', html)
    assert len(out) == 2, "one in the menu for a wide screen, one at the foot for a phone"


def test_no_template_holds_an_inline_style_or_handler() -> None:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("nomade.")}
    for name in env.list_templates(extensions=["html"]):
        if name.split("/")[0] not in ours:
            continue
        source = env.loader.get_source(env, name)[0]
        found = re.search(r"<[^>]*\s(style|on[a-z]+|hx-on[^=]*)=", source)
        assert not found, f"{name}: {found} is refused by the Content-Security-Policy"


def test_the_page_of_components_draws_and_its_form_shows_errors(db: None) -> None:
    client = client_on()
    assert client.get("/style/").status_code == 200
    wrong = client.post("/style/", {})
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "<title>Erreur : Composants" in html
    assert 'id="error-summary"' in html


def test_somebody_signed_in_keeps_the_menu_around_an_error(agent: Agent, signed_in: Callable[..., Client]) -> None:
    html = signed_in(agent).get("/nulle-part/").content.decode()
    assert "Cette page n’existe pas" in html
    assert 'id="menu"' in html
    assert reverse("accounts:sign-out") in html


def test_a_stranger_sees_no_menu_around_an_error(db: None) -> None:
    assert 'id="menu"' not in client_on().get("/nulle-part/").content.decode()
