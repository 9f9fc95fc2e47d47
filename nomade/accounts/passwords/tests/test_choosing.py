"""The pages where a password is chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.models import Account, ProvisionalPassword
from nomade.accounts.passwords import breached, provisional
from nomade.accounts.passwords.lists import five_words_for, words_for
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent
from nomade.people.models import OrgUnit
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
OWN = "Vingt-Petits-Tilleuls-7"
BORN = date(1984, 5, 12)


@pytest.fixture
def account() -> Account:
    return make_account(make_agent("Camille", "Durand", login="camille.durand@paris.fr", birth_date=BORN))


def _change(client: Client, password: str, current: str = PASSWORD) -> Any:
    return client.post("/compte/securite/", {"current": current, "password": password, "again": password})


def _newcomer(account: Account, *, handed_over: bool = True) -> Client:
    code = provisional.give(account, actor=None, handed_over=handed_over)
    client = client_on("portal")
    client.post("/connexion/", {"login": account.login, "password": code})
    return client


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Xk7#wq", "Encore 9 signes."),
        ("xkwqzvbnmtrplkj", "Ajoutez une majuscule ou un chiffre ou un autre signe"),
        ("Motdepasse12345!", "Trop facile à deviner"),
        ("Camille-7#Xkwqzv", "ni votre nom, ni votre identifiant"),
        ("12051984-7#Xkwqzv", "ni votre date de naissance"),
        (PASSWORD, "Vous avez déjà eu ce mot de passe"),
    ],
)
def test_what_is_missing_is_said_in_words(account: Account, password: str, said: str) -> None:
    answer = _change(client_of(account), password)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert password not in answer.content.decode()


def test_the_present_password_is_needed_and_every_sign_of_it_counts(account: Account) -> None:
    client = client_of(account)
    longest = "Zk7! " + "ôQ8-" * 62 + "fin"
    assert len(longest) == 256
    for wrong in ("", PASSWORD.lower(), PASSWORD + " ", PASSWORD[:-1]):
        assert _change(client, OWN, current=wrong).status_code == 422
    account.set_password(longest)
    account.save()
    for wrong in (longest[:-1] + "x", longest[:-1], longest.strip() + " ", longest.swapcase()):
        account.refresh_from_db()
        assert not account.check_password(wrong)
    assert account.check_password(longest)


def test_whoever_holds_a_role_needs_one_character_more(account: Account) -> None:
    fifteen = "Xk7#wqZ2!pLm9vR"
    grant_role(account.agent, Role.PAY_OFFICER, by=None)
    assert "Encore 1 signe." in _change(client_of(account), fifteen).content.decode()
    assert _change(client_of(account), fifteen + "t").status_code == 302


def test_units_hosts_and_the_words_of_the_setting_are_words_of_the_place(account: Account, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, password_context_words=("Chronotime", "rue de Rivoli"))
    OrgUnit.objects.create(code="DCPA", path="DCPA", label="Constructions et architecture")
    here = words_for(account).here.costs
    assert {"dcpa", "constructions", "architecture", "chronotime", "rivoli", "nomades", "paris", "villedeparis"} <= set(
        here
    )


def test_an_agent_is_never_asked_to_change_for_the_sake_of_time(account: Account) -> None:
    with time_machine.travel(now() + timedelta(days=3652), tick=False):
        client = client_on("portal")
        client.post("/connexion/", {"login": account.login, "password": PASSWORD})
        assert client.get("/compte/").status_code == 200


def test_a_stolen_password_is_refused_with_its_reason(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breached, "_ask", lambda *_args: _every_ending_of(OWN))
    monkeypatch.setattr("nomade.accounts.passwords.breached.settings.NOMADE", _with_service())
    answer = _change(client_of(account), OWN)
    assert answer.status_code == 422 and "listes volées" in answer.content.decode()


def _with_service() -> Any:
    from django.conf import settings

    return replace(settings.NOMADE, breached_passwords_url="https://service.invalid/range/")


def _every_ending_of(password: str) -> str:
    import hashlib

    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()[5:] + ":1"


def test_the_help_says_what_is_missing_and_gives_nothing_back(account: Account) -> None:
    client = client_of(account)
    with count_queries(at_most=12):
        answer = client.post("/compte/mot-de-passe/verifier/", {"password": "Canari-Azur"})
    said = answer.content.decode()
    assert answer.status_code == 200 and "Encore 4 signes." in said and "Canari" not in said
    assert "no-store" in answer["Cache-Control"]
    assert (
        "Ce mot de passe convient." in client.post("/compte/mot-de-passe/verifier/", {"password": OWN}).content.decode()
    )
    assert "Canari" not in str(list(AuditEvent.objects.values()))


def test_the_help_is_for_whoever_is_signed_in_a_newcomer_included(account: Account) -> None:
    assert client_on("portal").post("/compte/mot-de-passe/verifier/", {"password": "x"}).status_code == 302
    assert _newcomer(account).post("/compte/mot-de-passe/verifier/", {"password": "x"}).status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("address", ["/compte/securite/", "/premiere-connexion/"])
def test_five_words_are_proposed_and_written_in_both_fields(account: Account, address: str, htmx: bool) -> None:
    client = client_of(account) if address == "/compte/securite/" else _newcomer(account)
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post(address, {"proposer": "1"}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 200 and ("<html" in page) is not htmx
    phrase = page.split("Votre phrase\u00a0: ")[1].split("<")[0]
    assert len(phrase.split()) == 5
    assert page.count(f'value="{phrase}"') == 2
    # What was to correct in the former words leaves the page that stays.
    assert ('<div id="a-corriger" hx-swap-oob="innerHTML"></div>' in page) is htmx
    assert "no-store" in answer["Cache-Control"]


def test_fields_are_masked_and_open_to_password_managers(account: Account) -> None:
    page = client_of(account).get("/compte/securite/").content.decode()
    assert page.count('autocomplete="new-password"') == 2 and page.count('autocomplete="current-password"') == 1
    assert page.count('type="password"') == 3 and "onpaste" not in page and 'maxlength="2000"' in page


def test_a_letter_by_post_asks_for_the_date_of_birth_too(account: Account) -> None:
    client = _newcomer(account, handed_over=False)
    assert "Votre date de naissance" in client.get("/premiere-connexion/").content.decode()
    chosen = {"password": OWN, "again": OWN}
    assert client.post("/premiere-connexion/", chosen).status_code == 422
    assert client.post("/premiere-connexion/", {**chosen, "birth_date": "1984-05-13"}).status_code == 422
    account.refresh_from_db()
    assert account.password_is_provisional
    assert client.post("/premiere-connexion/", {**chosen, "birth_date": "12/05/1984"}).status_code == 302


def test_five_wrong_dates_of_birth_void_the_letter(account: Account) -> None:
    client = _newcomer(account, handed_over=False)
    wrong = {"password": OWN, "again": OWN, "birth_date": "1984-05-13"}
    for _try in range(4):
        assert "n’est pas la date" in client.post("/premiere-connexion/", wrong).content.decode()
    last = client.post("/premiere-connexion/", wrong)
    assert last.status_code == 422 and "ne s’ouvre plus" in last.content.decode()
    right = {**wrong, "birth_date": "1984-05-12"}
    assert client.post("/premiere-connexion/", right)["Location"].startswith("/connexion/")
    assert ProvisionalPassword.objects.get(account=account).voided_at is not None


def test_a_letter_put_into_the_hands_of_the_agent_asks_for_no_date(account: Account) -> None:
    assert "date de naissance</label>" not in _newcomer(account).get("/premiere-connexion/").content.decode()


def test_a_phrase_of_the_portal_becomes_a_password(account: Account) -> None:
    phrase = five_words_for(account)
    assert _change(client_of(account), phrase).status_code == 302
    account.refresh_from_db()
    assert account.check_password(phrase)
