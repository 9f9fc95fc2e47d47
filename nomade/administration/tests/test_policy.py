"""« Politique de sécurité »: who reads it, and that it says what holds."""

from __future__ import annotations

from typing import Any

import pytest

from nomade.accounts import policy
from nomade.accounts.factories import make_account
from nomade.accounts.testing import client_of
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
HERE = "/administration/politique/"


def _client(role: Role | None) -> Any:
    agent = make_agent()
    if role is not None:
        grant_role(agent, role, by=None)
    return client_of(make_account(agent))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_administrators_and_auditors_read_every_number_of_the_policy(role: Role) -> None:
    client = _client(role)
    with count_queries(at_most=12):
        page = client.get(HERE).content.decode()
    for _title, entries in policy.sections():
        for entry in entries:
            assert entry.setting in page.replace("<wbr>", "") and entry.value in page
    assert 'href="/administration/politique/"' in client.get("/administration/").content.decode()


@pytest.mark.parametrize("role", [None, Role.HR_OFFICER, Role.SUPPORT_TECHNICIAN, Role.EDITOR])
def test_the_policy_does_not_exist_for_anybody_else(role: Role | None) -> None:
    assert _client(role).get(HERE).status_code == 404


def test_an_auditor_sees_no_import_of_agents() -> None:
    client = _client(Role.AUDITOR)
    assert "/administration/agents/" not in client.get("/administration/").content.decode()
    assert client.get("/administration/agents/").status_code == 404


def test_a_number_that_departs_from_its_default_is_marked(settings: Any) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, session_idle_minutes=45)
    entries = [entry for _title, section in policy.sections() for entry in section]
    assert [entry.setting for entry in entries if entry.changed] == ["NOMADE_SESSION_IDLE_MINUTES"]
    page = _client(Role.ADMINISTRATOR).get(HERE).content.decode()
    assert "modifiée" in page and "45\u00a0min" in page


def test_every_number_of_the_policy_is_documented_for_operators() -> None:
    from pathlib import Path

    documented = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [
        e.setting for _title, section in policy.sections() for e in section if f"`{e.setting}`" not in documented
    ]
    assert not missing
