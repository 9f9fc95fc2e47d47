"""At the door: who waits, who does not, and what a stranger can learn or close."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from nomade.accounts import hashers
from nomade.accounts.actions import lock, unlock
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.hashers import Argon2idHasher
from nomade.accounts.lockout.codes import check_code
from nomade.accounts.lockout.devices import COOKIE
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.state import state_of
from nomade.accounts.models import Account
from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.kernel.crowd import crowd
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
OUTSIDE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


def post(client: Client, login: str, password: str, address: str = OUTSIDE) -> HttpResponse:
    return cast(HttpResponse, client.post("/connexion/", {"login": login, "password": password}, REMOTE_ADDR=address))


def attack(login: str, times: int = 6, address: str = OUTSIDE) -> HttpResponse:
    answers = [post(client_on("portal"), login, "faux", address) for _ in range(times)]
    return answers[-1]


def known_browser(account: Account) -> Client:
    client = client_on("portal")
    assert post(client, account.login, PASSWORD).status_code == 302
    client.post("/deconnexion/")
    assert client.cookies[COOKIE].value
    return client


def test_after_five_failures_even_the_right_password_waits(account: Account) -> None:
    attack(account.login, 5)
    assert post(client_on("portal"), account.login, PASSWORD, ELSEWHERE).status_code == 422
    with time_machine.travel(now() + timedelta(seconds=61), tick=False):
        assert post(client_on("portal"), account.login, PASSWORD, ELSEWHERE).status_code == 302


def test_an_attack_from_outside_stops_neither_a_known_browser_nor_the_professional_network(account: Account) -> None:
    mine = known_browser(account)
    attack(account.login, 12)
    assert post(mine, account.login, PASSWORD).status_code == 302
    assert post(client_on("portal"), account.login, PASSWORD, "127.0.0.1").status_code == 302


def test_tries_during_the_wait_do_not_prolong_it(account: Account) -> None:
    start = now()
    attack(account.login, 5)
    for seconds in range(5, 60, 10):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            assert post(client_on("portal"), account.login, PASSWORD).status_code == 422
    with time_machine.travel(start + timedelta(seconds=62), tick=False):
        assert post(client_on("portal"), account.login, PASSWORD).status_code == 302


def test_ten_failures_on_a_known_browser_block_that_browser_only(account: Account) -> None:
    mine, other = known_browser(account), known_browser(account)
    answers = [post(mine, account.login, "faux") for _ in range(10)]
    assert "Cet appareil est bloqué" not in answers[8].content.decode()
    assert "Cet appareil est bloqué" in answers[9].content.decode()
    assert post(mine, account.login, PASSWORD).status_code == 422
    assert post(other, account.login, PASSWORD).status_code == 302
    assert post(client_on("portal"), account.login, PASSWORD).status_code == 302
    with time_machine.travel(now() + timedelta(hours=24, seconds=1), tick=False):
        assert post(mine, account.login, PASSWORD).status_code == 302


def test_a_device_cookie_is_worth_nothing_once_changed_or_for_somebody_else(account: Account) -> None:
    mine = known_browser(account)
    value = mine.cookies[COOKIE].value
    other = make_account(make_agent(login="hugo.faure@paris.fr"))
    attack(account.login, 5)
    attack(other.login, 5)
    assert post(mine, other.login, PASSWORD).status_code == 422
    pk = value.partition(".")[0]
    for forged in (
        f"{other.pk}{value[len(pk) :]}",
        value[:-1] + ("0" if value[-1] != "0" else "1"),
        "x",
        "1.2.3.4~",
        "é",
    ):
        thief = client_on("portal")
        thief.cookies[COOKIE] = forged
        for login in (account.login, other.login):
            assert post(thief, login, PASSWORD).status_code == 422, forged


def test_the_device_cookie_is_strict_and_unreadable_and_lives_180_days(account: Account) -> None:
    cookie = post(client_on("portal"), account.login, PASSWORD).cookies[COOKIE]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
    assert cookie["max-age"] == 180 * 86400
    late = client_on("portal")
    late.cookies[COOKIE] = cookie.value
    with time_machine.travel(now() + timedelta(days=181), tick=False):
        attack(account.login, 5)
        assert post(late, account.login, PASSWORD).status_code == 422


def test_a_browser_shared_by_two_people_is_known_to_both(account: Account) -> None:
    other = make_account(make_agent(login="hugo.faure@paris.fr"))
    shared = known_browser(account)
    assert post(shared, other.login, PASSWORD).status_code == 302
    shared.post("/deconnexion/")
    for login in (account.login, other.login):
        attack(login, 5)
        assert post(shared, login, PASSWORD).status_code == 302
        shared.post("/deconnexion/")


def _page(answer: HttpResponse, login: str) -> str:
    """What was answered, with its random signs replaced by as many dots, and the login that was typed by nothing."""
    text = answer.content.decode().replace(login, "")
    return re.sub(r"[A-Za-z0-9_-]{22,}", lambda found: "." * len(found[0]), text)


def _count_calls(monkeypatch: Any, name: str, calls: list[str]) -> None:
    real = getattr(Argon2idHasher, name)

    def counted(*args: Any, **options: Any) -> Any:
        calls.append(name)
        return real(*args, **options)

    monkeypatch.setattr(Argon2idHasher, name, counted)


def test_unknown_locked_closed_and_wrong_cannot_be_told_apart(account: Account, monkeypatch: Any) -> None:
    locked = make_account(make_agent(login="hugo.faure@paris.fr"))
    lock(locked, actor=None, reason="test")
    closed = make_account(make_agent(login="nadia.leroy@paris.fr"))
    closed.set_unusable_password()
    closed.save()
    hashes: list[str] = []
    for name in ("encode", "verify"):
        _count_calls(monkeypatch, name, hashes)
    seen = set()
    with time_machine.travel(now().replace(second=1), tick=False):
        for round_ in range(8):  # five free failures, then the wait
            row = set()
            for number, (login, password) in enumerate(
                [
                    (account.login, "faux"),
                    (locked.login, PASSWORD),
                    (closed.login, PASSWORD),
                    ("inconnu@paris.fr", PASSWORD),
                    ("autre.inconnue@paris.fr", "faux"),
                ]
            ):
                hashes.clear()
                answer = post(client_on("portal"), login, password, f"203.0.113.{number}")
                cookies = sorted(answer.cookies)
                row.add((answer.status_code, _page(answer, login), len(hashes), tuple(cookies)))
            assert len(row) == 1, round_
            seen |= row
    assert {(status, count) for status, _text, count, _cookies in seen} == {(422, 1)}
    assert len(seen) == 2  # with a wait, and without


def test_a_wait_says_when_it_ends_for_an_unknown_login_too(account: Account) -> None:
    for login in (account.login, "inconnu@paris.fr"):
        page = attack(login, 5).content.decode()
        assert "prochain essai possible le" in page


def test_twenty_tries_at_the_same_instant_check_at_most_five_passwords(
    account: Account, transactional_db: Any, settings: Any
) -> None:
    # However busy the machine: what is counted here is passwords checked, not the patience of the door.
    patient = replace(settings.NOMADE.lockout, hash_wait_ms=60_000)
    settings.NOMADE = replace(settings.NOMADE, lockout=patient)
    answers: list[int] = []

    def guess() -> None:
        try:
            answers.append(post(client_on("portal"), account.login, "faux").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [422] * 20
    assert Bucket.objects.get(kind="unknown").failures == 5
    assert AuditEvent.objects.filter(facts__reason="waiting").count() == 15


def test_the_table_of_counters_holds_no_identifier(account: Account) -> None:
    attack("prenom.secret@paris.fr", 2)
    attack(account.login, 2)
    assert "secret" not in str(list(Bucket.objects.values()))
    assert "camille" not in str(list(Bucket.objects.values()))


def test_unlocking_ends_waits_and_blocked_devices(account: Account) -> None:
    mine = known_browser(account)
    for _ in range(10):
        post(mine, account.login, "faux")
    attack(account.login, 6)
    assert len(state_of(account).sentences) == 2
    unlock(account, actor=None)
    assert state_of(account).open
    assert post(mine, account.login, PASSWORD).status_code == 302


def test_the_state_of_a_locked_account_gives_its_reason(account: Account) -> None:
    lock(account, actor=None, reason="téléphone volé")
    state = state_of(account)
    assert state.locked and "téléphone volé" in state.sentences[0]


def test_five_wrong_codes_after_a_right_password_lock_the_account(account: Account, rf: Any) -> None:
    request = rf.post("/")
    answers = [check_code(request, account, lambda: False, after_password=True) for _ in range(5)]
    assert [answer.locked for answer in answers] == [False] * 4 + [True]
    account.refresh_from_db()
    assert account.locked_at is not None
    assert post(known := client_on("portal"), account.login, PASSWORD).status_code == 422
    assert COOKIE not in known.cookies
    assert "codes faux" in state_of(account).sentences[0]


def test_wrong_codes_of_somebody_signed_in_only_wait(account: Account, rf: Any) -> None:
    request = rf.post("/")
    answers = [check_code(request, account, lambda: False, after_password=False) for _ in range(5)]
    assert answers[-1].until is not None and not answers[-1].locked
    assert not check_code(request, account, lambda: True, after_password=False).right
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1), tick=False):
        assert check_code(request, account, lambda: True, after_password=False).right


def test_a_full_house_answers_503_keeps_the_login_and_counts_no_failure(account: Account, settings: Any) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, lockout=replace(settings.NOMADE.lockout, hash_wait_ms=0))
    taken = [hashers._slots.acquire(blocking=False) for _ in range(settings.NOMADE.lockout.hashes_per_cpu)]
    try:
        answer = post(client_on("portal"), account.login, PASSWORD)
    finally:
        for _ in taken:
            hashers._slots.release()
    assert all(taken) and answer.status_code == 503 and answer["Retry-After"] == "5"
    assert account.login in answer.content.decode()
    assert not Bucket.objects.exists()


def test_a_crowd_is_told_to_come_back_before_anything_is_read(account: Account, monkeypatch: Any) -> None:
    monkeypatch.setattr(crowd, "is_too_large", lambda: True)
    with count_queries(at_most=1):  # the page asks whether the address owes something
        answer = post(client_on("portal"), account.login, PASSWORD)
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert account.login in answer.content.decode() and "Beaucoup de personnes" in answer.content.decode()
    assert not Bucket.objects.exists()


def test_a_sign_in_on_a_known_browser_costs_ten_statements_at_most(account: Account) -> None:
    mine = known_browser(account)
    with count_queries(at_most=10):
        assert post(mine, account.login, PASSWORD).status_code == 302
    assert mine.get("/compte/").status_code == 200
