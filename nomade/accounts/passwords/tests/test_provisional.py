"""From the letter to one's own password, through the sign-in page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nomade.accounts.actions import give_provisional_password
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.models import Account, ProvisionalPassword
from nomade.accounts.passwords import history, provisional
from nomade.accounts.passwords.lifecycle import Kind
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
OWN = "Vingt-Petits-Tilleuls-7"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="nadia.leroy@paris.fr"))


def _enters(account: Account, code: str, client: Client | None = None) -> bool:
    answer = (client or client_on("portal")).post("/connexion/", {"login": account.login, "password": code})
    return bool(answer.status_code == 302)


def test_a_code_has_sixteen_signs_that_nobody_confuses() -> None:
    codes = {provisional.new_code() for _time in range(500)}
    assert len(codes) == 500
    signs = set("".join(codes)) - {"-"}
    assert signs <= set(provisional.ALPHABET) and not signs & set("ILOU019")
    assert len(provisional.ALPHABET) ** provisional.SIGNS > 2**77
    assert all(len(code) == 19 and code.count("-") == 3 for code in codes)


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_may_be_typed_as_one_likes_on_a_telephone(account: Account, write: object) -> None:
    code = give_provisional_password(account, actor=None)
    assert _enters(account, write(code))  # type: ignore[operator]


def test_a_second_use_is_refused_once_the_first_has_had_its_time(account: Account) -> None:
    code = give_provisional_password(account, actor=None)
    assert _enters(account, code)
    with time_machine.travel(now() + timedelta(minutes=10), tick=False):
        assert _enters(account, code), "the telephone lost the page: the same minutes still run"
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert not _enters(account, code)


def test_the_page_closes_after_a_quarter_of_an_hour(account: Account) -> None:
    client = client_on("portal")
    _enters(account, give_provisional_password(account, actor=None), client)
    assert client.get("/premiere-connexion/").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert client.get("/premiere-connexion/")["Location"].startswith("/connexion/")
        assert client.post("/premiere-connexion/", {"password": OWN, "again": OWN})["Location"] == "/connexion/"
    account.refresh_from_db()
    assert account.password_is_provisional


@pytest.mark.parametrize(
    ("kind", "handed_over", "opens_after", "closed_after"),
    [
        (Kind.LETTER, True, timedelta(days=6, hours=23), timedelta(days=7, minutes=1)),
        (Kind.LETTER, False, timedelta(days=59), timedelta(days=60, minutes=1)),
        (Kind.RESET, True, timedelta(hours=23), timedelta(hours=24, minutes=1)),
    ],
)
def test_a_code_expires(
    account: Account, kind: Kind, handed_over: bool, opens_after: timedelta, closed_after: timedelta
) -> None:
    code = provisional.give(account, actor=None, kind=kind, handed_over=handed_over)
    with time_machine.travel(now() + closed_after, tick=False):
        assert not _enters(account, code)
    with time_machine.travel(now() + opens_after, tick=False):
        assert _enters(account, code)


def test_five_wrong_tries_void_a_code(account: Account) -> None:
    code = give_provisional_password(account, actor=None)
    for _try in range(4):
        assert not _enters(account, "AAAA-BBBB-CCCC-DDDD")
    given = ProvisionalPassword.objects.get(account=account)
    assert given.failures == 4 and given.voided_at is None
    assert not _enters(account, "AAAA-BBBB-CCCC-DDDD")
    assert not _enters(account, code)
    assert AuditEvent.objects.filter(event="password.provisional_voided", subject_id=account.agent_id).count() == 1


def test_a_newer_letter_voids_the_former_one_and_starts_anew(account: Account) -> None:
    former = give_provisional_password(account, actor=None)
    for _try in range(5):
        assert not provisional.admit(account, right=False)
    code = give_provisional_password(account, actor=None)
    assert not _enters(account, former)
    assert _enters(account, code)


def test_a_recorded_hand_over_starts_the_seven_days(account: Account) -> None:
    by = make_agent()
    code = provisional.give(account, actor=by.pk, handed_over=False)
    given = ProvisionalPassword.objects.get(account=account)
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        provisional.record_hand_over(given, by=by.pk)
        given.refresh_from_db()
        assert given.expires_at == now() + timedelta(days=7) and given.handed_over_by_id == by.pk
        assert _enters(account, code)
        with pytest.raises(Refusal):
            provisional.record_hand_over(given, by=by.pk)
    assert AuditEvent.objects.get(event="password.handed_over").actor_id == by.pk


def test_once_a_password_is_chosen_the_letter_is_worth_nothing(account: Account) -> None:
    code = give_provisional_password(account, actor=None)
    client = client_on("portal")
    _enters(account, code, client)
    client.post("/premiere-connexion/", {"password": OWN, "again": OWN})
    given = ProvisionalPassword.objects.get(account=account)
    assert given.replaced_at is not None
    assert not _enters(account, code) and _enters(account, OWN)


def test_the_last_five_passwords_and_the_provisional_one_do_not_come_back(account: Account) -> None:
    client = client_of(account)
    chosen = [f"Vingt-Petits-Tilleuls-{number}" for number in range(6)]
    present = PASSWORD
    for password in chosen:
        form = {"current": present, "password": password, "again": password}
        assert client.post("/compte/securite/", form).status_code == 302, password
        present = password
    account.refresh_from_db()
    assert all(history.was_used(account, password) for password in chosen)
    assert not history.was_used(account, PASSWORD), "the sixth before may come back"
    refused = client.post("/compte/securite/", {"current": present, "password": chosen[2], "again": chosen[2]})
    assert refused.status_code == 422
    code = give_provisional_password(account, actor=None)
    _enters(account, code, client)
    assert client.post("/premiere-connexion/", {"password": code, "again": code}).status_code == 422
    assert client.post("/premiere-connexion/", {"password": OWN, "again": OWN}).status_code == 302
    account.refresh_from_db()
    assert history.was_used(account, code) and history.was_used(account, chosen[5])


def test_no_hash_of_a_former_password_outlives_its_use(account: Account) -> None:
    client = client_of(account)
    present = PASSWORD
    for number in range(9):
        password = f"Vingt-Petits-Tilleuls-{number}"
        client.post("/compte/securite/", {"current": present, "password": password, "again": password})
        present = password
    assert account.former_passwords.count() == 5
