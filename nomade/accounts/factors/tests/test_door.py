"""From outside, a password is not enough; what is enough, and what is closed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors import actions
from nomade.accounts.factors.testing import OUTSIDE, SoftKey, code_of, give_totp, options
from nomade.accounts.models import Account, CardCode, Passkey, Session
from nomade.accounts.sessions import SessionStore
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
ASKED = "/connexion/second-facteur/"


def sign_in(client: Client, account: Account, **extra: str) -> Any:
    return client.post("/connexion/", {"login": account.login, "password": PASSWORD, **extra})


def card_of(account: Account) -> list[str]:
    """A printed card, with its codes."""
    made = RequestFactory().get("/")
    made.session = SessionStore()
    _card, codes = actions.make_card(account, account.agent, request=made)
    return codes


def test_inside_the_professional_network_a_password_is_enough(account: Account) -> None:
    give_totp(account)
    client = client_on("portal")
    sign_in(client, account)
    assert client.get("/paie/").status_code == 200


def test_from_outside_the_code_of_the_application_opens_what_the_password_alone_does_not(
    account: Account, outside: Client
) -> None:
    secret = give_totp(account)
    sign_in(outside, account, suite="/paie/")
    for address in ("/", "/paie/", "/compte/", "/conges/"):
        assert outside.get(address)["Location"].startswith(ASKED), address
    answer = outside.post(ASKED, {"code": code_of(secret), "suite": "/paie/"})
    assert answer["Location"] == "/paie/"
    assert outside.get("/paie/").status_code == 200
    assert AuditEvent.objects.get(event="factor.used").facts["kind"] == "totp"


def test_while_the_factor_is_awaited_nobody_is_signed_in(account: Account, outside: Client) -> None:
    give_totp(account)
    sign_in(outside, account)
    assert account.agent.full_name not in outside.get("/aide/").content.decode()
    assert outside.post("/connexion/prolonger/").status_code == 302
    assert "/connexion/" in outside.get("/connexion/relais/", {"etat": "0" * 64})["Location"]


def test_the_wait_for_a_factor_ends_after_ten_minutes(account: Account, outside: Client, noon: Any) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    noon.shift(timedelta(minutes=11))
    assert outside.post(ASKED, {"code": code_of(secret)})["Location"] == "/connexion/"


def test_the_session_changes_its_identifier_when_the_factor_is_shown(account: Account, outside: Client) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    before = outside.cookies["__Host-session"].value
    outside.post(ASKED, {"code": code_of(secret)})
    assert outside.cookies["__Host-session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_code_serves_once_even_from_another_browser(account: Account, outside: Client, noon: Any) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    assert outside.post(ASKED, {"code": code_of(secret)}).status_code == 302
    other = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(other, account)
    again = other.post(ASKED, {"code": code_of(secret)})
    assert again.status_code == 422 and "il a déjà servi" in again.content.decode()


@pytest.mark.parametrize(("later", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(
    account: Account, outside: Client, noon: Any, later: int, status: int
) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    assert outside.post(ASKED, {"code": code_of(secret, later=later)}).status_code == status


@pytest.mark.django_db(transaction=True)
def test_of_twenty_uses_of_a_code_at_the_same_instant_one_succeeds(account: Account, noon: Any) -> None:
    secret = give_totp(account)
    code = code_of(secret)

    def use(_number: int) -> bool:
        try:
            return actions.use_totp(account, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(20))) == 1


def test_the_card_is_asked_by_number_and_each_code_serves_once(account: Account, outside: Client) -> None:
    codes = card_of(account)
    sign_in(outside, account)
    assert "Code n° 1 de votre carte" in outside.get(ASKED).content.decode()
    assert outside.post(ASKED, {"code": codes[1]}).status_code == 422
    assert outside.post(ASKED, {"code": codes[0].lower().replace("-", " ")}).status_code == 302
    other = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(other, account)
    assert "Code n° 2 de votre carte" in other.get(ASKED).content.decode()
    assert other.post(ASKED, {"code": codes[0]}).status_code == 422
    assert CardCode.objects.filter(used_at__isnull=False).count() == 1


def test_the_base_holds_no_code_nor_secret_in_clear(account: Account) -> None:
    codes, secret = card_of(account), give_totp(account)
    kept = str(list(CardCode.objects.values())) + str(bytes(account.authenticator.sealed_secret))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert str(secret)[2:-1] not in kept
    assert all(code.digest.startswith("argon2$argon2id$") for code in CardCode.objects.all())


def make_passkey(account: Account) -> SoftKey:
    """A passkey made from an open session."""
    client, key = client_of(account), SoftKey()
    asked = options(client, "register")
    answer = client.post("/compte/securite/facteurs/cle/", {"credential": key.create(asked), "name": "mon téléphone"})
    assert answer.status_code == 302, answer.content.decode()
    return key


def test_a_passkey_opens_the_portal_alone_without_a_login(account: Account, outside: Client) -> None:
    key = make_passkey(account)
    asked = options(outside, "sign-in")
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")
    assert asked["rpId"] == "ville.localhost"
    answer = outside.post("/connexion/cle/", {"credential": key.sign(asked), "suite": "/paie/"})
    assert answer["Location"] == "/paie/"
    assert outside.get("/paie/").status_code == 200


@pytest.mark.parametrize(
    "lie", [{"asked_by": "https://nomades.ville.example"}, {"verified": False}, {"asked_by": "http://evil.localhost"}]
)
def test_a_passkey_used_elsewhere_or_without_verification_opens_nothing(
    account: Account, outside: Client, lie: dict[str, Any]
) -> None:
    key = make_passkey(account)
    answer = outside.post("/connexion/cle/", {"credential": key.sign(options(outside, "sign-in"), **lie)})
    assert answer.status_code == 422
    assert "Identifiant ou mot de passe incorrect" in answer.content.decode()


def test_the_answer_of_a_passkey_serves_once(account: Account, outside: Client) -> None:
    key = make_passkey(account)
    answer = key.sign(options(outside, "sign-in"))
    assert outside.post("/connexion/cle/", {"credential": answer}).status_code == 302
    assert client_on("portal").post("/connexion/cle/", {"credential": answer}).status_code == 422


def test_a_challenge_is_dead_after_five_minutes(account: Account, outside: Client, noon: Any) -> None:
    key = make_passkey(account)
    answer = key.sign(options(outside, "sign-in"))
    noon.shift(timedelta(minutes=6))
    assert outside.post("/connexion/cle/", {"credential": answer}).status_code == 422


def test_a_passkey_whose_counter_goes_back_is_refused(account: Account, outside: Client) -> None:
    key = make_passkey(account)
    first = key.sign(options(outside, "sign-in"), count=5)
    assert outside.post("/connexion/cle/", {"credential": first}).status_code == 302
    copy = client_on("portal")
    assert copy.post("/connexion/cle/", {"credential": key.sign(options(copy, "sign-in"), count=4)}).status_code == 422


@pytest.mark.parametrize("sent", ["", "{}", "null", "[1]", '{"response": {}}', '{"response": {"clientDataJSON": "x"}}'])
def test_an_answer_that_makes_no_sense_is_refused_like_any_other(outside: Client, sent: str) -> None:
    assert outside.post("/connexion/cle/", {"credential": sent}).status_code == 422


def test_the_passkey_of_a_locked_account_opens_nothing(account: Account, outside: Client) -> None:
    key = make_passkey(account)
    Account.objects.filter(pk=account.pk).update(locked_at=now())
    answer = outside.post("/connexion/cle/", {"credential": key.sign(options(outside, "sign-in"))})
    assert answer.status_code == 422


def test_somebody_elses_passkey_does_not_pass_as_the_second_factor(account: Account, outside: Client) -> None:
    make_passkey(account)
    stranger = make_passkey(make_account(make_agent()))
    sign_in(outside, account)
    assert outside.post(ASKED, {"credential": stranger.sign(options(outside, "factor"))}).status_code == 422


def test_a_removed_passkey_opens_nothing(account: Account, outside: Client) -> None:
    key = make_passkey(account)
    client_of(account, factor="passkey").post(f"/compte/securite/facteurs/cle/{Passkey.objects.get().pk}/retirer/")
    assert outside.post("/connexion/cle/", {"credential": key.sign(options(outside, "sign-in"))}).status_code == 422
