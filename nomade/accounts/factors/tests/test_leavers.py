"""Who has left: sessions end, and a limited account keeps the pay slips."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from nomade.accounts.factors.testing import OUTSIDE, code_of, give_totp
from nomade.accounts.factors.tests.test_door import sign_in
from nomade.accounts.models import Account, Session
from nomade.accounts.tasks import forget_ended_sessions
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now, today
from nomade.people.factories import grant
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


def test_the_day_after_the_last_one_every_session_is_dead(account: Account, noon: Any) -> None:
    account.agent.exit_date = today()
    account.agent.save()
    client = client_of(account)
    assert client.get("/conges/").status_code == 200
    with time_machine.travel(datetime(2026, 11, 25, 0, 0, 30, tzinfo=ZoneInfo("Europe/Paris")), tick=False):
        Session.objects.update(expire_date=now() + timedelta(minutes=20))
        assert client.get("/compte/")["Location"].startswith("/connexion/")
        assert Session.objects.get().ended_reason == "exit"


def test_the_hourly_job_ends_the_sessions_of_who_has_left(account: Account, noon: Any) -> None:
    account.agent.exit_date = today()
    account.agent.save()
    client_of(account)
    forget_ended_sessions(0)
    assert Session.objects.living().exists(), "the last day counts whole"
    noon.shift(timedelta(days=1))
    Session.objects.update(expire_date=now() + timedelta(minutes=20))
    limited = client_of(account, factor="totp")
    forget_ended_sessions(0)
    assert Session.objects.get(ended_reason="exit").ended_at
    assert limited.get("/compte/").status_code == 200


def test_who_has_left_opens_pay_slips_with_their_own_factor_and_nothing_else(account: Account) -> None:
    secret = give_totp(account)
    account.agent.exit_date = today() - timedelta(days=30)
    account.agent.save()
    client = client_on("portal")
    sign_in(client, account)
    assert client.get("/paie/")["Location"].startswith("/connexion/second-facteur/")
    client.post("/connexion/second-facteur/", {"code": code_of(secret)})
    assert client.get("/paie/").status_code == 200
    assert client.get("/").status_code == 200
    for address in ("/conges/", "/messagerie/", "/administration/"):
        closed = client.get(address)
        assert closed.status_code == 403, address
        assert "Vous ne travaillez plus pour" in closed.content.decode()
    menu = client.get("/paie/").content.decode()
    assert "Mes congés" not in menu and "Messagerie" not in menu


def test_a_role_is_worth_nothing_once_its_holder_has_left(account: Account) -> None:
    give_totp(account)
    grant(account.agent, Role.ADMINISTRATOR)
    account.agent.exit_date = today() - timedelta(days=30)
    account.agent.save()
    assert client_of(account, factor="totp").get("/administration/").status_code == 403


def test_the_webmail_stays_closed_from_outside_without_factor(account: Account) -> None:
    webmail = client_of(account, host="webmail")
    assert webmail.get("/", REMOTE_ADDR=OUTSIDE).status_code == 403


def test_what_is_proved_on_the_portal_holds_on_the_webmail(account: Account) -> None:
    secret = give_totp(account)
    portal = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(portal, account)
    portal.post("/connexion/second-facteur/", {"code": code_of(secret)})
    webmail = client_on("webmail", REMOTE_ADDR=OUTSIDE)
    arrival = portal.get(webmail.get("/compte/")["Location"])["Location"]
    webmail.get(arrival)
    assert webmail.get("/compte/").status_code == 200
    assert set(Session.objects.living().values_list("factor", flat=True)) == {"totp"}
