"""The desk where a directory keeps the passwords: it replaces none that the directory knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.directories import ldap
from nomade.people.models import Agent
from nomade.support.factories import proved
from nomade.support.models import SupportAct

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(hugo: Agent, settings: Any) -> Agent:
    """Somebody without a password of the portal, where there is a directory."""
    settings.NOMADE = replace(settings.NOMADE, ldap_url="ldap://127.0.0.1:1", ldap_base="dc=ville,dc=fr")
    hugo.account.set_unusable_password()
    hugo.account.locked_at = None
    hugo.account.save()
    return hugo


def _reset(agent: Agent, technician: Agent, desk: Client) -> tuple[str, HttpResponse]:
    """The page of a check with its proofs, and what the reset answers."""
    address = f"/bureau/verifications/{proved(agent, technician).pk}/"
    page = desk.get(address).content.decode()
    answer: Any = desk.post(f"{address}action/", {"action": "reset", "remise": "ecran"})
    agent.account.refresh_from_db()
    return page, answer


@pytest.mark.parametrize("locked", [True, False])
def test_no_password_is_given_to_whom_the_directory_knows(
    closed: Agent, technician: Agent, desk: Client, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    monkeypatch.setattr(ldap, "is_locked", lambda *_: locked)
    page, answer = _reset(closed, technician, desk)
    assert "lui seul peut le remplacer" in page and 'value="reset"' not in page
    assert ("Bloqué dans l’annuaire" in page) is locked
    assert answer.status_code == 409 and "lui seul peut le remplacer" in answer.content.decode()
    assert not closed.account.has_usable_password() and not SupportAct.objects.exists()


def test_somebody_whom_the_directory_does_not_know_gets_a_password_of_the_portal(
    closed: Agent, technician: Agent, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ldap, "is_locked", lambda *_: None)
    page, answer = _reset(closed, technician, desk)
    assert 'value="reset"' in page and answer.status_code == 200
    assert closed.account.password_is_provisional


def test_while_the_directory_is_down_nobody_knows_so_nothing_is_given(
    closed: Agent, technician: Agent, desk: Client
) -> None:
    _page, answer = _reset(closed, technician, desk)
    assert answer.status_code == 503 and "ne répond pas" in answer.content.decode()
    assert not closed.account.has_usable_password() and not SupportAct.objects.exists()
