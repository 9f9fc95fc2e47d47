"""While many accounts are tried, a password alone opens nothing to strangers outside, and nobody else notices."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.actions import give_provisional_password
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.testing import code_of, give_totp
from nomade.accounts.lockout.models import Attack
from nomade.accounts.models import Account, Session
from nomade.accounts.testing import client_on
from nomade.accounts.tests.test_brakes import OUTSIDE, solved
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
SAID = "Le portail est attaqué en ce moment"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


@pytest.fixture
def attack() -> Attack:
    return Attack.objects.create(started_at=now(), identifiers=500)


def _enter(client: Client, account: Account, password: str = PASSWORD) -> HttpResponse:
    page = client.get("/connexion/", REMOTE_ADDR=OUTSIDE).content.decode()
    proof = {"preuve": solved(page)} if "data-challenge" in page else {}
    form = {"login": account.login, "password": password, **proof}
    return cast(HttpResponse, client.post("/connexion/", form, REMOTE_ADDR=OUTSIDE))


def test_a_guessed_password_opens_nothing_to_a_stranger_where_no_factor_was_chosen(
    account: Account, attack: Attack
) -> None:
    right, wrong = (_enter(client_on("portal"), account, typed) for typed in (PASSWORD, "faux"))
    assert (right.status_code, wrong.status_code) == (422, 422)
    assert "incorrect, ou accès temporairement suspendu" in right.content.decode()
    assert SAID in right.content.decode() and SAID in wrong.content.decode()
    assert not Session.objects.exists()
    assert [event.facts["reason"] for event in AuditEvent.objects.filter(event="sign_in.refused").order_by("pk")] == [
        "attack",
        "refused",
    ]
    attack.delete()
    assert _enter(client_on("portal"), account).status_code == 302


def test_with_a_factor_the_stranger_still_comes_in_by_password_and_code(account: Account, attack: Attack) -> None:
    secret, client = give_totp(account), client_on("portal")
    assert _enter(client, account).status_code == 302
    answer = client.post("/connexion/second-facteur/", {"code": code_of(secret)}, REMOTE_ADDR=OUTSIDE)
    assert answer.status_code == 302
    assert client.get("/compte/", REMOTE_ADDR=OUTSIDE).status_code == 200


def test_a_known_browser_a_letter_and_the_professional_network_notice_nothing(account: Account, settings: Any) -> None:
    mine = client_on("portal")
    assert _enter(mine, account).status_code == 302
    mine.cookies.pop("__Host-session")
    Attack.objects.create(started_at=now(), identifiers=500)
    assert SAID not in mine.get("/connexion/", REMOTE_ADDR=OUTSIDE).content.decode()
    assert _enter(mine, account).status_code == 302
    inside = client_on("portal")
    assert SAID not in inside.get("/connexion/").content.decode()
    assert inside.post("/connexion/", {"login": account.login, "password": PASSWORD}).status_code == 302
    newcomer = make_account(make_agent(login="nadia.leroy@paris.fr"))
    code = give_provisional_password(newcomer, actor=None)
    assert _enter(client_on("portal"), newcomer, code).status_code == 302
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa="never")
    assert _enter(client_on("portal"), make_account(make_agent())).status_code == 302


def test_the_page_proposes_the_passkey_before_the_password(account: Account, attack: Attack) -> None:
    page = client_on("portal").get("/connexion/", REMOTE_ADDR=OUTSIDE).content.decode()
    assert page.index('id="cle-sign-in"') < page.index('name="password"')
    assert page.count('id="cle-sign-in"') == 1
