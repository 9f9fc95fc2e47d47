"""Rows of the acceptance list that concern every page rather than one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nomade.accounts.factories import make_account
from nomade.accounts.factors.stepup import SHOWN
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent
from nomade.people.models import RoleGrant

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import acceptance

pytestmark = pytest.mark.django_db
PAGES = ("/", "/compte/", "/paie/", "/conges/", "/notifications/")


def test_each_required_row_has_a_test_or_a_reason() -> None:
    text = acceptance.PAGE.read_text(encoding="utf-8")
    assert acceptance.missing(text) == []
    assert acceptance.missing(text.replace("ASVS 6.2.4 |", "ASVS 6.2.99 |")) == ["6.2.4"]


def test_a_fresh_installation_has_no_account_and_no_role() -> None:
    assert not Account.objects.exists()
    assert not RoleGrant.objects.exists()


def test_no_factor_comes_by_text_message_mail_or_secret_question() -> None:
    assert set(SHOWN) == {"passkey", "totp", "card", "directory"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_a_page_does_not_serve_is_refused(method: str) -> None:
    client = client_of(make_account(make_agent()))
    for address in ("/connexion/", "/deconnexion/", *PAGES):
        assert client.generic(method, address).status_code == 405, address


def test_every_page_says_its_kind_and_charset_and_shows_the_way_out() -> None:
    client = client_of(make_account(make_agent()))
    for address in PAGES:
        answer = client.get(address)
        assert answer["Content-Type"] == "text/html; charset=utf-8", address
        assert 'action="/deconnexion/"' in answer.content.decode(), address
        assert client.cookies["__Host-session"].value not in answer.content.decode(), address


def test_a_login_with_line_breaks_writes_no_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    form = {"login": "x\r\n2026-11-27 INFO sign_in.accepted", "password": "y"}
    assert client_on("portal").post("/connexion/", form).status_code == 422
    assert "sign_in.accepted" not in caplog.text
    assert all("\n" not in str(event.facts) for event in AuditEvent.objects.all())
