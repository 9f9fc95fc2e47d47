"""What an agent is told of their own account."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.actions import give_provisional_password, lock, unlock
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.models import Account
from nomade.accounts.passwords.lifecycle import Kind
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.testing import run_jobs
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
OUTSIDE = "203.0.113.7"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


def post(client: Client, login: str, password: str, address: str = OUTSIDE) -> HttpResponse:
    form = {"login": login, "password": password}
    return cast(HttpResponse, client.post("/connexion/", form, REMOTE_ADDR=address, headers={"User-Agent": FIREFOX}))


def kinds() -> list[str]:
    return list(Notification.objects.order_by("created_at").values_list("kind", flat=True))


def test_an_unknown_browser_outside_is_told_to_the_agent_and_the_first_one_is_not(account: Account) -> None:
    first = client_on("portal")
    post(first, account.login, PASSWORD)
    assert kinds() == []
    post(client_on("portal"), account.login, PASSWORD)
    assert kinds() == ["security.new_device"]
    body = Notification.objects.get().body
    assert "Firefox sur Android, hors du réseau professionnel" in body and "appelez le support" in body
    first.post("/deconnexion/")
    post(first, account.login, PASSWORD)
    post(client_on("portal"), account.login, PASSWORD, "127.0.0.1")
    assert kinds() == ["security.new_device"]


@pytest.mark.parametrize(("failures", "told"), [(2, []), (3, ["security.failures_then_success"])])
def test_a_success_after_failures_is_told_to_the_agent(account: Account, failures: int, told: list[str]) -> None:
    for _ in range(failures):
        post(client_on("portal"), account.login, "faux")
    post(client_on("portal"), account.login, PASSWORD)
    assert kinds() == told


def test_failures_alone_are_told_to_nobody(account: Account) -> None:
    for _ in range(12):
        post(client_on("portal"), account.login, "faux")
    assert kinds() == []


def test_the_mail_of_a_notice_says_nothing_private_and_leads_to_the_portal_only(
    account: Account, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(3):
        post(client_on("portal"), account.login, "faux")
    post(client_on("portal"), account.login, PASSWORD)
    run_jobs()
    (message,) = mail.outbox
    assert message.subject == "Du nouveau sur votre portail Nomade"
    assert "Votre mot de passe a servi après plusieurs essais manqués" in message.body
    assert message.body.count("https://") == 1 and "/compte" not in message.body
    assert OUTSIDE not in message.body and "Firefox" not in message.body


def test_what_a_browser_says_of_itself_is_never_copied(account: Account) -> None:
    post(client_on("portal"), account.login, PASSWORD)
    form = {"login": account.login, "password": PASSWORD}
    headers = {"User-Agent": "<script>Chrome/1 appelez le 0612"}
    client_on("portal").post("/connexion/", form, REMOTE_ADDR=OUTSIDE, headers=headers)
    assert "0612" not in Notification.objects.get().body and "script" not in Notification.objects.get().body


def test_a_change_of_password_a_reset_and_an_unlocking_are_told_to_the_agent(account: Account) -> None:
    technician = make_agent()
    client = client_of(account)
    form = {"current": PASSWORD, "password": "Vingt-Petits-Tilleuls-7", "again": "Vingt-Petits-Tilleuls-7"}
    assert client.post("/compte/securite/", form).status_code == 302
    lock(account, actor=technician.pk, reason="essai")
    unlock(account, actor=technician.pk)
    give_provisional_password(account, actor=technician.pk, kind=Kind.RESET)
    assert kinds() == ["security.password_changed", "security.unlocked", "security.reset_by_support"]


def test_a_reset_opens_where_the_former_password_waited(account: Account) -> None:
    for _ in range(6):
        post(client_on("portal"), account.login, "faux")
    provisional = give_provisional_password(account, actor=make_agent().pk, kind=Kind.RESET)
    assert post(client_on("portal"), account.login, provisional).status_code == 302
