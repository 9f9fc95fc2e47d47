"""What a password alone opens from outside, where a browser is trusted, and who must choose a factor."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nomade.accounts.factors.testing import OUTSIDE, SoftKey, code_of, give_totp, options
from nomade.accounts.factors.tests.test_door import ASKED, sign_in
from nomade.accounts.models import Account, TrustedBrowser
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


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
