"""From outside, a password is not enough; what is enough, and what is closed meanwhile."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors import actions
from nomade.accounts.factors.testing import OUTSIDE, SoftKey, code_of, give_totp, options
from nomade.accounts.models import Account, CardCode, Passkey, Session, TrustedBrowser
from nomade.accounts.sessions import SessionStore
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant, make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
ASKED = "/connexion/second-facteur/"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


@pytest.fixture
def outside() -> Client:
    return client_on("portal", REMOTE_ADDR=OUTSIDE)


@pytest.fixture
def noon() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, 5, tzinfo=ZoneInfo("Europe/Paris")), tick=False) as clock:
        yield clock


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


def test_a_trusted_browser_skips_the_factor_for_sixty_days_from_its_last_use(
    account: Account, outside: Client, noon: Any
) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    answer = outside.post(ASKED, {"code": code_of(secret), "confiance": "oui"})
    cookie = answer.cookies["__Host-confiance"]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
    for _times in range(2):
        noon.shift(timedelta(days=59))
        sign_in(outside, account)
        assert outside.get("/paie/").status_code == 200
    noon.shift(timedelta(days=61))
    sign_in(outside, account)
    assert outside.get("/paie/")["Location"].startswith(ASKED)


def test_a_privileged_browser_is_trusted_for_fourteen_days(account: Account, outside: Client, noon: Any) -> None:
    grant(account.agent, Role.HR_OFFICER)
    secret = give_totp(account)
    sign_in(outside, account)
    outside.post(ASKED, {"code": code_of(secret), "confiance": "oui"})
    noon.shift(timedelta(days=15))
    sign_in(outside, account)
    assert outside.get("/paie/")["Location"].startswith(ASKED)


def test_a_shared_computer_is_never_trusted_nor_known(account: Account, outside: Client) -> None:
    secret = give_totp(account)
    sign_in(outside, account, partage="oui")
    assert "confiance" not in outside.get(ASKED).content.decode()
    answer = outside.post(ASKED, {"code": code_of(secret), "confiance": "oui"})
    assert not {"__Host-confiance", "__Host-appareil"} & set(answer.cookies)
    assert not TrustedBrowser.objects.exists()


def test_a_change_of_password_or_factor_ends_every_trust(account: Account, outside: Client) -> None:
    secret = give_totp(account)
    sign_in(outside, account)
    outside.post(ASKED, {"code": code_of(secret), "confiance": "oui"})
    assert TrustedBrowser.objects.count() == 1
    client_of(account, factor="totp").post("/compte/securite/facteurs/application/retirer/")
    assert not TrustedBrowser.objects.exists()


def test_from_outside_without_factor_pay_slips_and_mail_stay_closed_and_say_how_to_open(
    account: Account, outside: Client
) -> None:
    sign_in(outside, account)
    assert outside.get("/conges/").status_code == 200
    for address in ("/paie/", "/messagerie/"):
        closed = outside.get(address)
        assert closed.status_code == 403
        text = closed.content.decode()
        assert "Protéger mon compte" in text and "réseau professionnel" in text
    assert outside.get("/compte/securite/facteurs/").status_code == 200


def test_the_home_page_shows_nothing_of_a_closed_service(account: Account, outside: Client) -> None:
    from nomade.kernel.registry import services_open_to

    sign_in(outside, account)
    answer = outside.get("/")
    assert answer.status_code == 200
    assert {service.key for service in services_open_to(answer.wsgi_request)}.isdisjoint({"payslips", "mail"})


def test_after_fourteen_days_only_the_choice_of_a_factor_opens(account: Account, outside: Client, noon: Any) -> None:
    sign_in(outside, account)
    noon.shift(timedelta(days=15))
    sign_in(outside, account)
    for address in ("/", "/conges/", "/compte/", "/paie/"):
        assert outside.get(address)["Location"].startswith("/compte/securite/facteurs/"), address
    assert "Il faut choisir un moyen" in outside.get("/compte/securite/facteurs/").content.decode()
    key = SoftKey()
    asked = options(outside, "register")
    outside.post("/compte/securite/facteurs/cle/", {"credential": key.create(asked), "name": "x"})
    assert outside.get("/paie/").status_code == 200


def test_a_session_that_leaves_the_professional_network_must_show_its_factor(account: Account) -> None:
    secret = give_totp(account)
    client = client_of(account)
    assert client.get("/paie/").status_code == 200
    assert client.get("/paie/", REMOTE_ADDR=OUTSIDE)["Location"].startswith(ASKED)
    client.post(ASKED, {"code": code_of(secret)}, REMOTE_ADDR=OUTSIDE)
    assert client.get("/paie/", REMOTE_ADDR=OUTSIDE).status_code == 200


def test_a_privileged_agent_without_factor_opens_nothing_else_when_one_is_required_everywhere(
    account: Account, settings: Any
) -> None:
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa_privileged="always")
    grant(account.agent, Role.PAY_OFFICER)
    client = client_on("portal")
    sign_in(client, account)
    assert client.get("/")["Location"].startswith("/compte/securite/facteurs/")


def test_a_factor_may_be_required_everywhere_or_nowhere(account: Account, outside: Client, settings: Any) -> None:
    give_totp(account)
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa="always")
    inside = client_on("portal")
    sign_in(inside, account)
    assert inside.get("/paie/")["Location"].startswith(ASKED)
    settings.NOMADE = dataclasses.replace(settings.NOMADE, mfa="never")
    sign_in(outside, account)
    assert outside.get("/paie/").status_code == 200


def test_a_newcomer_at_home_chooses_a_factor_or_puts_it_off(account: Account, outside: Client) -> None:
    step = "/premiere-connexion/protection/"
    Account.objects.filter(pk=account.pk).update(first_steps_pending=True)
    sign_in(outside, account)
    assert outside.get("/")["Location"] == step
    page = outside.get(step).content.decode()
    assert page.index("Le visage, l’empreinte") < page.index("Une application") < page.index("Une carte de codes")
    later = outside.post(step)["Location"]
    assert later.startswith("/premiere-connexion/") and later != step
    account.refresh_from_db()
    assert account.factor_postponed and account.factor_grace_from


def test_a_newcomer_who_makes_a_passkey_goes_on_to_the_next_step(account: Account, outside: Client) -> None:
    Account.objects.filter(pk=account.pk).update(first_steps_pending=True)
    sign_in(outside, account)
    key = SoftKey()
    asked = options(outside, "register")
    answer = outside.post("/compte/securite/facteurs/cle/", {"credential": key.create(asked), "name": "x"})
    assert answer["Location"].startswith("/premiere-connexion/") and "protection" not in answer["Location"]


def test_a_newcomer_inside_is_not_asked_for_a_factor(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(first_steps_pending=True)
    client = client_on("portal")
    sign_in(client, account)
    assert "protection" not in client.get("/")["Location"]


def test_signing_in_from_outside_with_a_factor_costs_few_queries(account: Account, outside: Client) -> None:
    secret = give_totp(account)
    with count_queries(at_most=16):
        sign_in(outside, account)
    with count_queries(at_most=16):
        outside.post(ASKED, {"code": code_of(secret)})


def test_pages_of_the_door_cost_few_queries(account: Account, outside: Client) -> None:
    give_totp(account)
    sign_in(outside, account)
    with count_queries(at_most=8):
        outside.get(ASKED)


def test_five_wrong_codes_after_the_password_close_the_account_and_say_so(account: Account, outside: Client) -> None:
    give_totp(account)
    sign_in(outside, account)
    answers = [outside.post(ASKED, {"code": "000000"}) for _number in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 403]
    assert "Compte bloqué" in answers[-1].content.decode()
    account.refresh_from_db()
    assert account.locked_at is not None


def test_every_place_that_opens_a_session_is_known() -> None:
    """A new line here is a new way in: it must ask for the factor as the others do (ASVS 6.3.4)."""
    known = {
        "nomade/accounts/actions.py": {"begin", "renew"},
        "nomade/accounts/directories/actions.py": {"begin", "renew"},
        "nomade/accounts/factors/actions.py": {"renew"},
        "nomade/accounts/factors/views/door.py": {"begin", "complete", "renew"},
        "nomade/accounts/handover.py": {"go_on"},
        "nomade/administration/views/setup.py": {"begin"},
    }
    root = Path(__file__).resolve().parents[4]
    found: dict[str, set[str]] = {}
    for path in (root / "nomade").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(root))
        if "/tests/" in name or name == "nomade/accounts/testing.py":
            continue
        assert not re.search(r"contrib\.auth import .*\blogin\b", text), name
        imported = re.search(r"from nomade\.accounts\.opening import \(?([^)\n]+)", text)
        if imported:
            names = {part.strip() for part in imported[1].split(",")} & {"begin", "complete", "renew", "go_on"}
            found[name] = names
    assert found == known
