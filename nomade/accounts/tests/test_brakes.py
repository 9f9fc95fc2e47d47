"""Many failures from one address, or over many accounts."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from itertools import count
from typing import Any, cast

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.testing import SoftKey, give_totp, options
from nomade.accounts.lockout import detector
from nomade.accounts.lockout.brakes import network_of
from nomade.accounts.lockout.devices import COOKIE
from nomade.accounts.lockout.models import Attack, Bucket, Source, Watch
from nomade.accounts.lockout.numbers import Numbers
from nomade.accounts.lockout.opening import give_device_code
from nomade.accounts.lockout.proof import is_proof, new_challenge
from nomade.accounts.models import Account
from nomade.accounts.tasks import forget_failures
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.notifications.models import Notification
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
OUTSIDE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


def post(client: Client, login: str, password: str, address: str = OUTSIDE, **more: str) -> HttpResponse:
    form = {"login": login, "password": password, **more}
    return cast(HttpResponse, client.post("/connexion/", form, REMOTE_ADDR=address))


def failed(address: str, times: int) -> None:
    Source.objects.create(network=network_of(address), failures=times, started_at=now())


def solved(page: str) -> str:
    """What the browser computes."""
    found = re.search(r'data-challenge="([^"]+)"', page)
    assert found
    return prove(found[1])


def prove(challenge: str) -> str:
    bits = int(challenge.split(".")[1])
    for number in count():
        text = f"{challenge}:{number}"
        if int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") >> (256 - bits) == 0:
            return text
    raise AssertionError


def test_one_ipv6_subscriber_is_one_source_and_a_mapped_ipv4_is_itself() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") == "203.0.113.7"


def test_each_failure_counts_for_its_address_and_the_count_ends_with_its_window(account: Account) -> None:
    for login in ("a@paris.fr", "b@paris.fr", account.login):
        post(client_on("portal"), login, "faux")
    assert Source.objects.get(network=OUTSIDE).failures == 3
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        post(client_on("portal"), "c@paris.fr", "faux")
        assert Source.objects.get(network=OUTSIDE).failures == 1


def test_after_thirty_failures_an_address_owes_a_proof_and_the_right_password_with_it_opens(account: Account) -> None:
    failed(OUTSIDE, 30)
    client = client_on("portal")
    page = client.get("/connexion/", REMOTE_ADDR=OUTSIDE).content.decode()
    assert post(client, account.login, PASSWORD).status_code == 429
    answer = post(client, account.login, PASSWORD, preuve=solved(page))
    assert answer.status_code == 302
    assert "data-challenge" not in client_on("portal").get("/connexion/", REMOTE_ADDR=ELSEWHERE).content.decode()


def test_a_braked_page_keeps_the_login_and_is_the_same_for_an_unknown_one(account: Account) -> None:
    failed(OUTSIDE, 30)
    for login in (account.login, "inconnu@paris.fr"):
        answer = post(client_on("portal"), login, PASSWORD)
        assert answer.status_code == 429 and login in answer.content.decode()
        assert "petit calcul" in answer.content.decode()


def test_after_120_failures_an_address_is_told_when_to_come_back(account: Account) -> None:
    failed(OUTSIDE, 120)
    answer = post(client_on("portal"), account.login, PASSWORD)
    assert answer.status_code == 429
    assert 590 <= int(answer["Retry-After"]) <= 601
    assert "Attendez 10 min" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert AuditEvent.objects.filter(event="sign_in.braked", subject_id=account.agent_id).exists()


def test_a_known_browser_is_not_braked_by_others_on_its_address(account: Account) -> None:
    mine = client_on("portal")
    post(mine, account.login, PASSWORD)
    mine.post("/deconnexion/")
    failed(OUTSIDE, 500)
    assert post(mine, account.login, PASSWORD).status_code == 302


def test_a_professional_address_bears_twenty_times_more(account: Account) -> None:
    failed("127.0.0.1", 599)
    assert post(client_on("portal"), account.login, PASSWORD, "127.0.0.1").status_code == 302


def test_a_forged_forwarding_header_does_not_change_the_source(account: Account) -> None:
    client = client_on("portal")
    form = {"login": account.login, "password": "faux"}
    client.post("/connexion/", form, REMOTE_ADDR=OUTSIDE, headers={"X-Forwarded-For": ELSEWHERE})
    assert [source.network for source in Source.objects.all()] == [OUTSIDE]


def test_a_proof_is_accepted_once_in_time_and_only_ours() -> None:
    proof = prove(new_challenge())
    challenge, _, _number = proof.rpartition(":")
    changed = challenge[:-1] + ("0" if challenge[-1] != "0" else "1")
    weaker = challenge.replace(".15.", ".8.", 1)
    assert weaker != challenge
    for wrong in ("", "x", ":", "1.2.3.4:5", prove(changed), f"{challenge}:-1", f"{weaker}:1", f"{challenge}:²"):
        assert not is_proof(wrong), wrong
    with time_machine.travel(now() + timedelta(minutes=21), tick=False):
        assert not is_proof(proof)
    assert is_proof(proof)
    assert not is_proof(proof)


@pytest.mark.parametrize(
    ("identifiers", "usual", "attack"),
    [
        (99, [], False),
        (100, [], True),
        (400, [90] * 100, False),
        (450, [90] * 100, True),
        (400, [10] * 140 + [5000] * 4, True),
    ],
)
def test_an_attack_is_five_times_the_usual_and_never_a_handful(
    identifiers: int, usual: list[int], attack: bool
) -> None:
    assert detector.sight(identifiers, usual, Numbers()).is_attack is attack


def _failing(many: int) -> None:
    at = now()
    Bucket.objects.bulk_create(
        Bucket(key=f"{number:064}", kind="unknown", failures=1, recent=[at], last_try_at=at) for number in range(many)
    )


def test_an_attack_raises_one_alert_and_strangers_owe_a_proof_until_it_ends(account: Account) -> None:
    give_totp(account)
    administrator, technician = make_agent(), make_agent()
    grant_role(administrator, Role.ADMINISTRATOR, by=None)
    grant_role(technician, Role.SUPPORT_TECHNICIAN, by=None)
    _failing(150)
    for _ in range(3):
        detector.watch()
    assert Attack.objects.filter(is_open=True).count() == 1
    told = Notification.objects.filter(kind="security.attack")
    assert {notice.agent_id for notice in told} == {administrator.pk, technician.pk} and len(told) == 2
    page = client_on("portal").get("/connexion/", REMOTE_ADDR=OUTSIDE).content.decode()
    assert post(client_on("portal"), account.login, PASSWORD).status_code == 429
    assert post(client_on("portal"), account.login, PASSWORD, preuve=solved(page)).status_code == 302
    assert post(client_on("portal"), account.login, PASSWORD, "127.0.0.1").status_code == 302
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        failed(ELSEWHERE, 200)  # still at it, though a brake holds it back
        detector.watch()
        assert Attack.objects.filter(is_open=True).exists()
    with time_machine.travel(now() + timedelta(minutes=22), tick=False):
        detector.watch()
        assert not Attack.objects.filter(is_open=True).exists()
        assert post(client_on("portal"), account.login, PASSWORD).status_code == 302


def test_a_code_of_the_support_opens_one_browser_once_and_not_the_account(account: Account) -> None:
    for _ in range(6):
        post(client_on("portal"), account.login, "faux")
    code = give_device_code(account, actor=None)
    client = client_on("portal")
    form = {"login": "camille.durand", "code": code.lower().replace("-", " ")}
    assert client.post("/connexion/ouvrir-cet-appareil/", form, REMOTE_ADDR=OUTSIDE)["Location"] == "/connexion/"
    assert client.get("/compte/").status_code == 302
    assert post(client, account.login, "faux").status_code == 422
    assert post(client, account.login, PASSWORD).status_code == 302
    again = client_on("portal").post("/connexion/ouvrir-cet-appareil/", form, REMOTE_ADDR=OUTSIDE)
    assert again.status_code == 422 and COOKIE not in again.cookies
    assert set(AuditEvent.objects.filter(event__startswith="device.").values_list("event", flat=True)) == {
        "device.code_given", "device.opened", "device.refused",
    }  # fmt: skip


def test_a_code_opens_a_blocked_browser_anew(account: Account) -> None:
    client = client_on("portal")
    post(client, account.login, PASSWORD)
    client.post("/deconnexion/")
    for _ in range(10):
        post(client, account.login, "faux")
    form = {"login": account.login, "code": give_device_code(account, actor=None)}
    client.post("/connexion/ouvrir-cet-appareil/", form)
    assert post(client, account.login, PASSWORD).status_code == 302


@pytest.mark.parametrize("login", ["inconnu@paris.fr", "hugo.faure@paris.fr"])
def test_a_code_of_somebody_else_late_or_of_nobody_is_refused_with_the_same_sentence(
    account: Account, login: str
) -> None:
    make_account(make_agent(login="hugo.faure@paris.fr"))
    code = give_device_code(account, actor=None)
    answer = client_on("portal").post("/connexion/ouvrir-cet-appareil/", {"login": login, "code": code})
    assert answer.status_code == 422 and "ne convient pas" in answer.content.decode()
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        late = client_on("portal").post("/connexion/ouvrir-cet-appareil/", {"login": account.login, "code": code})
        assert late.status_code == 422


def test_an_address_that_guesses_codes_of_the_support_is_stopped(account: Account) -> None:
    form = {"login": account.login, "code": "ABCD-EFGH-JKMN"}
    statuses = [
        client_on("portal").post("/connexion/ouvrir-cet-appareil/", form, REMOTE_ADDR=OUTSIDE).status_code
        for _ in range(121)
    ]
    assert statuses[:120] == [422] * 120 and statuses[120] == 429


def test_counters_and_addresses_are_forgotten_after_a_day(account: Account) -> None:
    post(client_on("portal"), account.login, "faux")
    detector.watch()
    forget_failures(0)
    assert Bucket.objects.exists() and Source.objects.exists() and Watch.objects.exists()
    with time_machine.travel(now() + timedelta(hours=26), tick=False):
        forget_failures(0)
    assert not (Bucket.objects.exists() or Source.objects.exists() or Watch.objects.exists())


def test_the_notice_of_the_city_is_on_the_sign_in_page(settings: Any) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, sign_in_notice="Accès réservé aux agents <de la ville>.")
    page = client_on("portal").get("/connexion/").content.decode()
    assert "Accès réservé aux agents &lt;de la ville&gt;." in page


def test_a_passkey_opens_during_an_attack_whatever_the_waits_and_the_brakes(account: Account) -> None:
    inside, key = client_of(account), SoftKey()
    made = {"credential": key.create(options(inside, "register")), "name": "mon téléphone"}
    assert inside.post("/compte/securite/facteurs/cle/", made).status_code == 302
    for _ in range(8):
        post(client_on("portal"), account.login, "faux")
    failed(ELSEWHERE, 500)
    _failing(150)
    detector.watch()
    assert Attack.objects.filter(is_open=True).exists()
    phone = client_on("portal", REMOTE_ADDR=ELSEWHERE)
    answer = phone.post("/connexion/cle/", {"credential": key.sign(options(phone, "sign-in"))})
    assert answer.status_code == 302
    assert phone.get("/compte/").status_code == 200
