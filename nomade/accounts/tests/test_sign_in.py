"""Signing in, staying in, and going out."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.actions import give_provisional_password, lock
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.models import Account, Session
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.http import HostRole
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
REFUSED = "Identifiant ou mot de passe incorrect, ou accès temporairement suspendu."


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


def _post(client: Client, login: str, password: str, **extra: str) -> HttpResponse:
    return cast(HttpResponse, client.post("/connexion/", {"login": login, "password": password, **extra}))


@pytest.mark.parametrize("login", ["camille.durand@paris.fr", "Camille.Durand@PARIS.fr", " camille.durand "])
def test_the_address_or_the_login_opens_the_portal(account: Account, login: str) -> None:
    client = client_on("portal")
    assert _post(client, login, PASSWORD).status_code == 302
    assert client.get("/compte/").status_code == 200


def test_the_same_password_typed_with_decomposed_accents_is_accepted(account: Account) -> None:
    assert _post(client_on("portal"), account.login, PASSWORD.replace("é", "e\u0301")).status_code == 302


def test_every_refusal_is_the_same_page(account: Account) -> None:
    locked = make_account(make_agent(login="hugo.faure@paris.fr"))
    lock(locked, actor=None, reason="test")
    answers = [
        _post(client_on("portal"), login, password)
        for login, password in [(account.login, "faux"), ("inconnu@paris.fr", PASSWORD), (locked.login, PASSWORD)]
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert all(REFUSED in answer.content.decode() for answer in answers)
    assert AuditEvent.objects.filter(event="sign_in.refused").count() == 3


def test_the_session_cookie_is_bound_to_the_host(account: Account) -> None:
    cookie = _post(client_on("portal"), account.login, PASSWORD).cookies["__Host-session"]
    assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/" and not cookie["domain"]
    assert cookie["samesite"] == "Lax" and not cookie["max-age"]


def test_signing_in_gives_a_new_identifier_to_the_session(account: Account) -> None:
    client = client_of(account)
    before = client.cookies["__Host-session"].value
    client.post("/deconnexion/")
    _post(client, account.login, PASSWORD)
    assert client.cookies["__Host-session"].value != before
    assert not Session.objects.living().filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(29, 200), (31, 302)],
)
def test_an_idle_session_ends_on_the_server(account: Account, minutes: int, status: int) -> None:
    client = client_of(account)
    with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
        assert client.get("/compte/").status_code == status


def test_activity_prolongs_a_session_but_never_past_twelve_hours(account: Account) -> None:
    start = now()
    client = client_of(account)
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/compte/").status_code == 200, minutes
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/compte/").status_code == 302


def test_what_the_page_asks_by_itself_does_not_prolong_the_session(account: Account) -> None:
    start = now()
    client = client_of(account)
    with time_machine.travel(start + timedelta(minutes=20), tick=False):
        assert client.get("/compte/", headers={"X-Background": "1"}).status_code == 200
    with time_machine.travel(start + timedelta(minutes=31), tick=False):
        assert client.get("/compte/").status_code == 302


def test_a_copied_cookie_is_dead_after_sign_out(account: Account) -> None:
    client, thief = client_of(account), client_on("portal")
    thief.cookies["__Host-session"] = client.cookies["__Host-session"].value
    answer = client.post("/deconnexion/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get("/compte/").status_code == 302


def test_a_page_asked_before_signing_in_comes_after_it(account: Account) -> None:
    client = client_on("portal")
    assert client.get("/compte/securite/")["Location"] == "/connexion/?suite=%2Fcompte%2Fsecurite%2F"
    assert _post(client, account.login, PASSWORD, suite="/compte/securite/")["Location"] == "/compte/securite/"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"])
def test_signing_in_never_leads_to_another_site(account: Account, wanted: str) -> None:
    assert _post(client_on("portal"), account.login, PASSWORD, suite=wanted)["Location"] == "/"


@pytest.mark.parametrize("host", ["webmail", "support"])
def test_another_host_opens_without_the_password_again_and_closes_with_the_portal(
    account: Account, host: HostRole
) -> None:
    portal, webmail = client_of(account), client_on(host)
    away = webmail.get("/compte/")
    assert away["Location"].startswith("https://nomades.ville.localhost:8443/connexion/relais/?")
    ticket = portal.get(away["Location"], secure=True)["Location"]
    assert webmail.get(ticket, secure=True)["Location"] == "/compte/"
    assert webmail.get("/compte/").status_code == 200
    portal.post("/deconnexion/")
    assert webmail.get("/compte/").status_code == 302


def _ticket(account: Account, webmail: Client) -> str:
    location: str = client_of(account).get(webmail.get("/compte/")["Location"])["Location"]
    return location


def test_a_ticket_opens_once_only(account: Account) -> None:
    webmail = client_on("webmail")
    ticket = _ticket(account, webmail)
    webmail.get(ticket)
    again = client_on("webmail")
    again.cookies["__Host-relais"] = webmail.cookies["__Host-relais"].value
    assert "/connexion/" in again.get(ticket)["Location"]
    assert Session.objects.filter(account=account).count() == 2


def test_a_ticket_opens_nothing_in_another_browser(account: Account) -> None:
    assert "/connexion/" in client_on("webmail").get(_ticket(account, client_on("webmail")))["Location"]


def test_a_ticket_is_dead_after_thirty_seconds(account: Account) -> None:
    webmail = client_on("webmail")
    ticket = _ticket(account, webmail)
    with time_machine.travel(now() + timedelta(seconds=31), tick=False):
        assert "/connexion/" in webmail.get(ticket)["Location"]


def test_a_ticket_carries_no_name(account: Account) -> None:
    query = parse_qs(urlsplit(_ticket(account, client_on("webmail"))).query)
    assert set(query) == {"billet", "suite"}
    assert "camille" not in query["billet"][0]


def test_a_provisional_password_opens_only_the_choice_of_ones_own(account: Account) -> None:
    provisional = give_provisional_password(account, actor=None)
    client = client_on("portal")
    _post(client, account.login, provisional)
    assert client.get("/compte/")["Location"] == "/premiere-connexion/"
    chosen = {"password": "Vingt-Petits-Tilleuls-7", "again": "Vingt-Petits-Tilleuls-7"}
    assert client.post("/premiere-connexion/", chosen)["Location"] == "/premiere-connexion/avis/"
    assert client.get("/compte/")["Location"] == "/premiere-connexion/avis/"
    assert client.post("/premiere-connexion/avis/", {"channel": "portal"})["Location"] == "/"
    assert client.get("/compte/").status_code == 200
    assert _post(client_on("portal"), account.login, provisional).status_code == 422


@pytest.mark.parametrize(
    "password", ["court-1A", "quinzelettresminuscules"[:15], "Camille-Durand-2026", "aaaaaaaaaaaaaaa"]
)
def test_a_weak_password_is_refused_with_a_reason(account: Account, password: str) -> None:
    give_provisional_password(account, actor=None)
    answer = client_of(account).post("/premiere-connexion/", {"password": password, "again": password})
    assert answer.status_code == 422
    account.refresh_from_db()
    assert account.password_is_provisional


def test_changing_the_password_ends_the_other_sessions(account: Account) -> None:
    here, elsewhere = client_of(account), client_of(account)
    form = {"current": PASSWORD, "password": "Vingt-Petits-Tilleuls-7", "again": "Vingt-Petits-Tilleuls-7"}
    assert here.post("/compte/securite/", form).status_code == 302
    assert here.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302


def test_the_journal_never_holds_a_password(account: Account) -> None:
    _post(client_on("portal"), account.login, "Secret-Canari-1234")
    assert "Canari" not in str(list(AuditEvent.objects.values()))


def test_a_ticket_is_dead_once_the_portal_is_signed_out(account: Account) -> None:
    portal, webmail = client_of(account), client_on("webmail")
    ticket = portal.get(webmail.get("/compte/")["Location"])["Location"]
    portal.post("/deconnexion/")
    assert "/connexion/" in webmail.get(ticket)["Location"]
    assert not Session.objects.living().filter(account=account).exists()


@pytest.mark.parametrize("state", ["", "x" * 65, "%00", "%C3%A9" * 32])
def test_an_odd_state_of_a_hand_over_is_a_bad_request(account: Account, state: str) -> None:
    assert client_of(account).get(f"/connexion/relais/?etat={state}").status_code == 400


def test_no_ticket_is_given_to_a_host_that_takes_none(account: Account) -> None:
    state = "0" * 64
    assert client_of(account).get(f"/connexion/relais/?hote=content&etat={state}").status_code == 400
    assert client_of(account).get(f"/connexion/relais/?hote=evil.example&etat={state}").status_code == 400


def test_a_refused_sign_in_by_short_login_names_its_account_in_the_journal(account: Account) -> None:
    _post(client_on("portal"), "camille.durand", "faux")
    assert AuditEvent.objects.get(event="sign_in.refused").subject_id == account.agent_id


def test_a_password_is_hashed_again_at_sign_in_once_its_cost_is_changed(account: Account, settings: Any) -> None:
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    settings.NOMADE = dataclasses.replace(settings.NOMADE, argon2_memory_kib=12_288, argon2_passes=3)
    for _again in range(2):
        assert _post(client_on("portal"), account.login, PASSWORD).status_code == 302
        account.refresh_from_db()
        assert account.password.startswith("argon2$argon2id$v=19$m=12288,t=3,p=1$")


def test_the_door_says_why_a_session_is_over_and_says_nothing_that_it_does_not_know() -> None:
    account = make_account(make_agent())
    client = client_of(account)
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        door = client.get("/paie/")["Location"]
        assert parse_qs(urlsplit(door).query) == {"suite": ["/paie/"], "fin": ["idle"]}
        assert "Votre session est terminée : inactivité" in client.get(door).content.decode()
    assert "Votre session" not in client.get("/connexion/?fin=<b>gagné</b>").content.decode()
    stranger = client_on("portal")
    stranger.cookies["__Host-session"] = "x" * 32
    assert stranger.get("/paie/")["Location"] == "/connexion/?suite=%2Fpaie%2F"


def test_a_session_of_before_a_password_that_was_changed_elsewhere_ends_as_it_comes() -> None:
    account = make_account(make_agent())
    client = client_of(account)
    account.set_password("Sept-Ormes-Blancs-41-Rue")
    account.save()
    assert client.get("/compte/")["Location"].startswith("/connexion/")
    assert not Session.objects.living().exists()


@pytest.mark.parametrize("host", ["webmail", "support"])
def test_the_cookie_of_one_host_carried_to_another_opens_nothing_there(account: Account, host: Any) -> None:
    portal = client_on("portal")
    assert _post(portal, account.login, PASSWORD).status_code == 302
    other = client_on(host)
    other.cookies["__Host-session"] = portal.cookies["__Host-session"].value
    assert other.get("/compte/").status_code == 302
    assert portal.get("/compte/").status_code == 200, "and the session goes on where it began"
    mine = client_on("webmail")
    assert mine.get(portal.get(mine.get("/compte/")["Location"])["Location"]).status_code == 302
    assert mine.get("/compte/").status_code == 200
    back = client_on("portal")
    back.cookies["__Host-session"] = mine.cookies["__Host-session"].value
    assert back.get("/compte/").status_code == 302
