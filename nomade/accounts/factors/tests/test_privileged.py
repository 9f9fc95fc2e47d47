"""What is asked of those who open other people's data: a passkey, or at least a password that is not old."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.testing import OUTSIDE, SoftKey, code_of, give_totp, options
from nomade.accounts.models import Account, Passkey, Recovery, Session, TrustedBrowser
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.people.factories import grant, make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
ASKED, FACTORS, CHANGE = "/connexion/second-facteur/", "/compte/securite/facteurs/", "/compte/securite/"


@pytest.fixture
def officer(account: Account, settings: Any) -> Account:
    """A pay officer of an installation that asks for passkeys."""
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa_privileged="always", mfa_privileged_passkey="always")
    grant(account.agent, Role.PAY_OFFICER)
    return account


def sign_in(client: Client, account: Account, **more: str) -> str:
    return str(client.post("/connexion/", {"login": account.login, "password": PASSWORD, **more}).get("Location"))


def make_passkey(client: Client) -> SoftKey:
    key = SoftKey()
    asked = options(client, "register")
    answer = client.post("/compte/securite/facteurs/cle/", {"credential": key.create(asked), "name": "ordinateur"})
    assert answer.status_code == 302
    return key


def test_after_a_code_an_officer_opens_only_the_page_where_a_passkey_is_made(officer: Account) -> None:
    secret, client = give_totp(officer), client_on("portal")
    sign_in(client, officer)
    assert client.post(ASKED, {"code": code_of(secret), "confiance": "oui"}).status_code == 302
    assert client.get("/")["Location"].startswith(FACTORS)
    assert "Votre rôle demande une clé d’accès" in client.get(FACTORS).content.decode()
    make_passkey(client)
    assert client.get("/").status_code == 200
    assert not TrustedBrowser.objects.exists()


def test_of_an_officer_who_has_a_passkey_codes_open_nothing(officer: Account) -> None:
    secret = give_totp(officer)
    first = client_of(officer, factor="passkey")
    key = make_passkey(first)
    client = client_on("portal")
    sign_in(client, officer)
    page = client.get(ASKED).content.decode()
    assert 'name="code"' not in page
    assert client.post(ASKED, {"code": code_of(secret)}).status_code == 422
    assert client.get("/")["Location"].startswith(ASKED)
    answer = client.post(ASKED, {"credential": key.sign(options(client, "factor"))})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_a_session_opened_with_a_code_asks_for_the_passkey_once_there_is_one(officer: Account) -> None:
    give_totp(officer)
    opened = client_of(officer, factor="totp")
    assert opened.get("/")["Location"].startswith(FACTORS)
    key = make_passkey(client_of(officer, factor="passkey"))
    assert opened.get("/")["Location"].startswith(ASKED)
    assert opened.post(ASKED, {"credential": key.sign(options(opened, "factor"))}).status_code == 302
    assert opened.get("/").status_code == 200


def test_a_browser_trusted_after_a_code_is_worth_nothing_once_a_role_is_given(account: Account, settings: Any) -> None:
    secret, client = give_totp(account), client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(client, account)
    client.post(ASKED, {"code": code_of(secret), "confiance": "oui"})
    client.post("/deconnexion/")
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa_privileged="always", mfa_privileged_passkey="always")
    grant(account.agent, Role.HR_OFFICER)
    sign_in(client, account)
    assert client.get("/")["Location"].startswith(ASKED)


def test_an_agent_without_role_and_an_installation_that_says_never_accept_a_code(
    account: Account, officer: Account, settings: Any
) -> None:
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa_privileged_passkey="never")
    secret, client = give_totp(officer), client_on("portal")
    sign_in(client, officer)
    client.post(ASKED, {"code": code_of(secret)})
    assert client.get("/").status_code == 200
    assert client_of(officer, factor="totp").get(FACTORS).status_code == 200


def test_by_default_passkeys_are_asked_in_production_only(officer: Account, settings: Any) -> None:
    for env, address in (("development", None), ("production", FACTORS)):
        settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa_privileged_passkey="auto", env=env)
        assert client_of(officer, factor="totp").get("/").get("Location") == (address and f"{address}"), env


def test_step_up_of_an_officer_wants_the_passkey(officer: Account) -> None:
    secret = give_totp(officer)
    key = make_passkey(client_of(officer, factor="passkey"))
    client = client_of(officer, factor="passkey", authenticated_at=now() - timedelta(hours=1))
    assert client.get(CHANGE)["Location"].startswith("/connexion/confirmation/")
    answer = client.post("/connexion/confirmation/", {"password": PASSWORD, "code": code_of(secret)})
    assert answer.status_code == 422
    client.post("/connexion/confirmation/", {"credential": key.sign(options(client, "step-up"))})
    assert client.get(CHANGE).status_code == 200


def test_a_lost_password_of_an_officer_with_a_passkey_takes_no_code(officer: Account) -> None:
    secret = give_totp(officer)
    make_passkey(client_of(officer, factor="passkey"))
    client = client_on("portal", REMOTE_ADDR=OUTSIDE)
    start = client.post("/connexion/mot-de-passe-oublie/", {"login": officer.login})
    page = str(start["Location"])
    client.post(page, {"code": code_of(secret)})
    assert Recovery.objects.get(account=officer).factor_proved == ""


@pytest.fixture
def old(account: Account) -> Account:
    grant(account.agent, Role.PAY_OFFICER)
    Account.objects.filter(pk=account.pk).update(password_chosen_at=now() - timedelta(days=3 * 365 + 1))
    return account


def test_an_officer_whose_password_is_three_years_old_changes_it_first(old: Account) -> None:
    client = client_on("portal")
    sign_in(client, old)
    assert client.get("/")["Location"].startswith(CHANGE)
    assert "plus de 3 ans" in client.get(CHANGE).content.decode()
    form = {"current": PASSWORD, "password": "Tilleul-Vasque-Bouée-19", "again": "Tilleul-Vasque-Bouée-19"}
    assert client.post(CHANGE, form).status_code == 302
    assert client.get("/").status_code == 200


def test_a_passkey_an_agent_and_zero_years_are_never_asked(old: Account, settings: Any) -> None:
    assert client_of(old, factor="passkey").get("/").status_code == 200
    settings.NOMADE = dataclasses.replace(settings.NOMADE, password_privileged_years=0)
    assert client_of(old).get("/").status_code == 200


def test_a_session_that_began_before_the_day_goes_on(old: Account) -> None:
    chosen = now() - timedelta(days=3 * 365) + timedelta(hours=1)
    Account.objects.filter(pk=old.pk).update(password_chosen_at=chosen)
    client = client_of(old)
    with time_machine.travel(now() + timedelta(hours=1, minutes=5), tick=False):
        Session.objects.update(expire_date=now() + timedelta(minutes=5))
        assert client.get("/").status_code == 200


def test_the_passkey_of_somebody_else_counts_for_nothing(officer: Account) -> None:
    other = make_account(make_agent("Autre", "Agent"))
    Passkey.objects.create(account=other, credential_id=b"x", credential=b"x", sign_count=0)
    assert client_of(officer, factor="totp").get("/")["Location"].startswith(FACTORS)
