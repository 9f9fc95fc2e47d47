"""Step-up, devices, limits of sessions, and the account of somebody who has left."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.testing import SoftKey, code_of, give_totp, options
from nomade.accounts.factors.tests.test_door import make_passkey, sign_in
from nomade.accounts.models import Account, Card, HeldForm, Passkey, Session, TrustedBrowser
from nomade.accounts.tasks import forget_ended_sessions
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.hosts import origin
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant, make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
FACTORS, DEVICES = "/compte/securite/facteurs/", "/compte/securite/appareils/"
CONFIRM = "/connexion/confirmation/"
NEW_PASSWORD = {"current": PASSWORD, "password": "Vingt-Petits-Tilleuls-7", "again": "Vingt-Petits-Tilleuls-7"}


def long_ago(account: Account, **facts: Any) -> Client:
    """A session whose last proof is eleven minutes old."""
    return client_of(account, authenticated_at=now() - timedelta(minutes=11), **facts)


SENSITIVE = [
    ("get", "/compte/securite/", {}),
    ("post", "/compte/securite/", NEW_PASSWORD),
    ("get", FACTORS + "cle/", {}),
    ("post", FACTORS + "cle/options/", {}),
    ("get", FACTORS + "application/", {}),
    ("get", FACTORS + "application/qr.svg", {}),
    ("post", FACTORS + "application/retirer/", {}),
    ("get", FACTORS + "carte/", {}),
    ("post", FACTORS + "carte/", {}),
    ("post", FACTORS + "carte/retirer/", {}),
    ("post", FACTORS + "cle/1/retirer/", {}),
    ("post", DEVICES + "deconnecter/", {"tous": "oui"}),
    ("post", DEVICES + "1/oublier/", {}),
]


@pytest.mark.parametrize(("method", "address", "form"), SENSITIVE)
def test_a_sensitive_act_asks_again_who_is_there_after_ten_minutes(
    account: Account, method: str, address: str, form: dict[str, str]
) -> None:
    answer = getattr(long_ago(account), method)(address, form)
    assert answer.status_code == 303 and answer["Location"].startswith(CONFIRM + "?")
    fresh = getattr(client_of(account), method)(address, form)
    assert not fresh.get("Location", "").startswith(CONFIRM)


def test_a_form_sent_too_late_is_kept_and_sent_again_after_the_proof(account: Account) -> None:
    client = long_ago(account)
    away = client.post("/compte/securite/", NEW_PASSWORD)
    held = away["Location"].partition("formulaire=")[2]
    assert NEW_PASSWORD["password"].encode() not in bytes(HeldForm.objects.get().sealed_body)
    page = client.get(away["Location"])
    assert "Ce que vous avez saisi est gardé" in page.content.decode()
    wrong = client.post(CONFIRM, {"password": "faux", "formulaire": held})
    assert wrong.status_code == 422
    resumed = client.post(CONFIRM, {"password": PASSWORD, "formulaire": held}).content.decode()
    assert "nm-file" not in resumed, "a page answers this form, not a file"
    assert 'action="/compte/securite/"' in resumed and "Vingt-Petits-Tilleuls-7" in resumed
    assert not HeldForm.objects.exists()
    assert client.post("/compte/securite/", NEW_PASSWORD).status_code == 302


def test_a_kept_form_opens_for_its_owner_only_and_for_a_quarter_of_an_hour(account: Account, noon: Any) -> None:
    away = long_ago(account).post("/compte/securite/", NEW_PASSWORD)
    held = away["Location"].partition("formulaire=")[2]
    stranger = client_of(make_account(make_agent()))
    answer = stranger.post(CONFIRM, {"password": PASSWORD, "formulaire": held}, follow=True)
    assert "Vingt-Petits" not in answer.content.decode()
    noon.shift(timedelta(minutes=16))
    late = client_of(account).post(CONFIRM, {"password": PASSWORD, "formulaire": held})
    assert late.status_code == 302 and "Vingt-Petits" not in late.content.decode()


def test_the_session_changes_its_identifier_at_step_up(account: Account) -> None:
    client = long_ago(account)
    before = client.cookies["__Host-session"].value
    assert client.post(CONFIRM, {"password": PASSWORD, "suite": FACTORS})["Location"] == FACTORS
    assert client.cookies["__Host-session"].value != before
    thief = client_on("portal")
    thief.cookies["__Host-session"] = before
    assert thief.get("/compte/").status_code == 302
    assert client.get(FACTORS + "cle/").status_code == 200


def test_step_up_wants_the_factor_of_who_has_one(account: Account) -> None:
    secret = give_totp(account)
    client = client_of(account)  # a fresh password, on the professional network, without factor
    assert client.get(FACTORS + "cle/")["Location"].startswith(CONFIRM)
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 422
    assert client.post(CONFIRM, {"password": "faux", "code": code_of(secret)}).status_code == 422
    assert client.post(CONFIRM, {"password": PASSWORD, "code": code_of(secret)}).status_code == 302
    assert client.get(FACTORS + "cle/").status_code == 200


def test_a_trusted_browser_never_skips_a_step_up(account: Account) -> None:
    give_totp(account)
    assert client_of(account, factor="trusted").get(FACTORS + "cle/")["Location"].startswith(CONFIRM)


def test_a_passkey_is_enough_for_step_up_and_the_password_alone_is_not(account: Account) -> None:
    key = make_passkey(account)
    client = long_ago(account, factor="passkey")
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 422
    answer = client.post(CONFIRM, {"credential": key.sign(options(client, "step-up")), "suite": FACTORS})
    assert answer["Location"] == FACTORS


def test_a_passkey_is_shown_again_on_the_support_host_and_only_where_it_was_asked(account: Account) -> None:
    key = make_passkey(account)
    desk = long_ago(account, host="support", factor="passkey")
    for asked_by, status in (("https://nomades.ville.localhost:8443", 422), (origin("support"), 302)):
        signed = key.sign(options(desk, "step-up"), asked_by=asked_by)
        assert desk.post(CONFIRM, {"credential": signed, "suite": "/"}).status_code == status


def test_step_up_never_leads_to_another_site(account: Account) -> None:
    answer = long_ago(account).post(CONFIRM, {"password": PASSWORD, "suite": "//evil.example"})
    assert answer["Location"] == "/"


# --- Factors ------------------------------------------------------------------------------------------------------


def test_an_application_is_kept_only_once_it_shows_the_right_code(account: Account, noon: Any) -> None:
    client = client_of(account)
    client.post(FACTORS + "application/")
    page = client.get(FACTORS + "application/").content.decode()
    secret = page.partition('id="secret">')[2].partition("<")[0]
    drawn = client.get(FACTORS + "application/qr.svg")
    assert drawn["Content-Type"] == "image/svg+xml" and "no-store" in drawn["Cache-Control"]
    assert b"<svg" in drawn.content
    assert client.post(FACTORS + "application/", {"code": "000000"}).status_code == 422
    assert client.get(FACTORS + "application/").content.decode().count(secret) == 1
    import base64

    right = code_of(base64.b32decode(secret.replace(" ", "")))
    assert client.post(FACTORS + "application/", {"code": right})["Location"] == FACTORS
    assert account.authenticator.last_step > 0
    assert client.get(FACTORS + "application/qr.svg").status_code == 404


def test_a_card_comes_as_a_tagged_pdf_that_nothing_keeps(account: Account) -> None:
    import io

    import pikepdf

    client = client_of(account)
    answer = client.post(FACTORS + "carte/")
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    pdf = pikepdf.open(io.BytesIO(answer.content))
    assert len(pdf.pages) == 1
    assert "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == "fr"
    assert Card.objects.get().codes.count() == 20
    client.post(FACTORS + "carte/")
    assert Card.objects.count() == 1, "the former card serves no more"


@pytest.mark.parametrize("address", ["cle/{}/retirer/"])
def test_nobody_removes_the_passkey_of_another(account: Account, address: str) -> None:
    make_passkey(account)
    stranger = client_of(make_account(make_agent()))
    assert stranger.post(FACTORS + address.format(Passkey.objects.get().pk)).status_code == 404
    assert Passkey.objects.count() == 1


def test_removing_a_factor_signs_out_elsewhere_and_is_told(account: Account) -> None:
    make_passkey(account)
    here, elsewhere = client_of(account, factor="passkey"), client_of(account, factor="passkey")
    here.post(FACTORS + f"cle/{Passkey.objects.get().pk}/retirer/")
    assert here.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302
    assert AuditEvent.objects.filter(event="factor.removed").count() == 1
    assert account.agent.notifications.filter(kind="security.factor_changed").count() == 2


def test_an_eleventh_passkey_is_refused_with_a_sentence(account: Account) -> None:
    for _number in range(10):
        make_passkey_beside(account)
    answer = client_of(account, factor="passkey").post(FACTORS + "cle/options/")
    assert answer.status_code == 422


def make_passkey_beside(account: Account) -> None:
    key, client = SoftKey(), client_of(account, factor="passkey")
    client.post(FACTORS + "cle/", {"credential": key.create(options(client, "register")), "name": "x"})


def test_a_passkey_cannot_be_registered_twice_nor_by_anothers_challenge(account: Account) -> None:
    client, key = client_of(account), SoftKey()
    asked = options(client, "register")
    stranger = client_of(make_account(make_agent()))
    refused = stranger.post(FACTORS + "cle/", {"credential": key.create(asked), "name": "x"})
    assert refused.status_code == 422
    assert client.post(FACTORS + "cle/", {"credential": key.create(asked), "name": "x"}).status_code == 302
    again = options(client, "register")
    assert client.post(FACTORS + "cle/", {"credential": key.create(again), "name": "x"}).status_code == 422


def test_pages_of_factors_and_devices_cost_few_queries(account: Account) -> None:
    give_totp(account)
    for _number in range(4):
        client_of(account)
    client = client_of(account, factor="totp")
    for address in (FACTORS, FACTORS + "cle/", FACTORS + "carte/", DEVICES):
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200, address
    late = long_ago(account, factor="totp")
    with count_queries(at_most=12):
        assert late.get(CONFIRM).status_code == 200


# --- Devices ------------------------------------------------------------------------------------------------------


def test_my_devices_shows_mine_and_closes_one_at_a_distance(account: Account) -> None:
    here = client_of(account)
    there = client_of(account, device="Firefox sur Windows")
    client_of(make_account(make_agent()), device="Safari sur iPad")
    page = here.get(DEVICES).content.decode()
    assert "Firefox sur Windows" in page and "Safari sur iPad" not in page
    family = Session.objects.get(device="Firefox sur Windows").family
    assert here.post(DEVICES + "deconnecter/", {"connexion": str(family)}).status_code == 302
    assert there.get("/compte/").status_code == 302
    assert "déconnexion depuis un autre appareil" in here.get(DEVICES).content.decode()


@pytest.mark.parametrize("family", ["", "x", str(uuid.UUID(int=3))])
def test_a_device_that_is_not_mine_does_not_exist(account: Account, family: str) -> None:
    assert client_of(account).post(DEVICES + "deconnecter/", {"connexion": family}).status_code == 404


def test_nobody_closes_the_device_of_another_nor_forgets_their_browser(account: Account) -> None:
    mine = client_of(account)
    browser = TrustedBrowser.objects.create(account=account, digest="d", device="x", last_used_at=now())
    stranger = client_of(make_account(make_agent()))
    family = str(Session.objects.get(account=account).family)
    assert stranger.post(DEVICES + "deconnecter/", {"connexion": family}).status_code == 404
    assert stranger.post(DEVICES + f"{browser.pk}/oublier/").status_code == 404
    assert mine.get("/compte/").status_code == 200
    assert mine.post(DEVICES + f"{browser.pk}/oublier/").status_code == 302
    assert not TrustedBrowser.objects.exists()


def test_all_other_devices_close_at_once(account: Account) -> None:
    here, others = client_of(account), [client_of(account) for _number in range(3)]
    here.post(DEVICES + "deconnecter/", {"tous": "oui"})
    assert [other.get("/compte/").status_code for other in others] == [302] * 3
    assert here.get("/compte/").status_code == 200


@pytest.mark.parametrize(("role", "most"), [(None, 5), (Role.HR_OFFICER, 2)])
def test_one_device_too_many_closes_the_oldest(account: Account, role: Role | None, most: int, noon: Any) -> None:
    if role:
        grant(account.agent, role)
    clients = []
    for _number in range(most + 1):
        clients.append(client_on("portal"))
        sign_in(clients[-1], account)
        noon.shift(timedelta(minutes=1))
    door = clients[0].get("/compte/")["Location"]
    said = clients[0].get(door).content.decode()
    assert "Votre session est terminée : trop d’appareils connectés" in said and 'value="/compte/"' in said
    assert [client.get("/compte/").status_code for client in clients] == [302] + [200] * most
    assert Session.objects.get(ended_reason="too_many").session_data == ""
    assert account.agent.notifications.filter(kind="security.sessions_closed").exists()


def test_an_ended_session_never_comes_back_by_a_late_write(account: Account) -> None:
    from django.contrib.sessions.backends.base import UpdateError

    from nomade.accounts.models import EndReason
    from nomade.accounts.sessions import SessionStore

    client_of(account)
    store = SessionStore(Session.objects.get().session_key)
    store["x"] = 1
    Session.objects.all().end(EndReason.REMOTE)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.living().exists()


@pytest.mark.parametrize(
    ("facts", "minutes", "status"),
    [
        ({"shared": True}, 9, 200),
        ({"shared": True}, 11, 302),
        ({"privileged": True}, 14, 200),
        ({"privileged": True}, 16, 302),
        ({}, 29, 200),
        ({}, 31, 302),
    ],
)
def test_each_kind_of_session_has_its_idle_limit(
    account: Account, facts: dict[str, Any], minutes: int, status: int, noon: Any
) -> None:
    client = client_of(account, **facts)
    noon.shift(timedelta(minutes=minutes))
    assert client.get("/compte/").status_code == status


def test_a_privileged_session_ends_after_eight_hours_whatever_one_does(account: Account, noon: Any) -> None:
    grant(account.agent, Role.PAY_OFFICER)
    client = client_of(account)
    for _turn in range(47):
        noon.shift(timedelta(minutes=10))
        assert client.get("/compte/").status_code == 200
    noon.shift(timedelta(minutes=11))
    assert client.get("/compte/").status_code == 302


def test_a_role_given_during_a_session_shortens_it(account: Account, noon: Any) -> None:
    client = client_of(account)
    grant(account.agent, Role.ADMINISTRATOR)
    noon.shift(timedelta(minutes=2))
    assert client.get("/compte/").status_code == 200
    noon.shift(timedelta(minutes=16))
    assert client.get("/compte/").status_code == 302


def test_what_has_ended_is_forgotten_after_a_month(account: Account, noon: Any) -> None:
    client_of(account)
    noon.shift(timedelta(days=29))
    forget_ended_sessions(0)
    assert Session.objects.count() == 1
    noon.shift(timedelta(days=2))
    forget_ended_sessions(0)
    assert not Session.objects.exists()
