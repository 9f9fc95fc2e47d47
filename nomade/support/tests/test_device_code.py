"""« Ouvrir un appareil »: a code that the technician reads aloud, which opens a browser and not the account."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from nomade.accounts.lockout.devices import COOKIE
from nomade.accounts.models import Account, DeviceCode, Session
from nomade.accounts.testing import client_on
from nomade.kernel.models import AuditEvent
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
CODE = re.compile(r'id="provisoire">([A-Z2-9-]{14})<')


def test_the_technician_reads_a_code_aloud_and_the_agents_browser_is_open(agent: Agent, desk: Client) -> None:
    assert f"/bureau/agents/{agent.pk}/appareil/" in desk.get(f"/bureau/agents/{agent.pk}/").content.decode()
    answer = desk.post(f"/bureau/agents/{agent.pk}/appareil/")
    page = answer.content.decode()
    code = CODE.search(page)
    assert answer.status_code == 200
    assert code is not None
    assert "comme " in page
    assert "/connexion/ouvrir-cet-appareil/" in page
    outside = client_on("portal", REMOTE_ADDR="203.0.113.7")
    opened = outside.post("/connexion/ouvrir-cet-appareil/", {"login": agent.login, "code": code[1]})
    assert opened.status_code == 302
    assert COOKIE in opened.cookies
    assert not Session.objects.filter(account__agent=agent).exists()


def test_the_code_is_told_to_the_agent_and_written_in_the_journal(
    agent: Agent, desk: Client, technician: Agent
) -> None:
    page = desk.post(f"/bureau/agents/{agent.pk}/appareil/").content.decode()
    code = CODE.search(page)
    assert code is not None
    event = AuditEvent.objects.get(event="device.code_given", subject_id=agent.pk)
    told = Notification.objects.get(agent=agent, kind="security.device_code")
    assert event.actor_id == technician.pk
    assert event.reference
    assert code[1] not in str(event.facts) + told.title + told.body


def test_a_code_is_shown_once_and_the_next_voids_it(agent: Agent, desk: Client) -> None:
    address = f"/bureau/agents/{agent.pk}/appareil/"
    first, second = (CODE.search(desk.post(address).content.decode()) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first[1] != second[1]
    assert DeviceCode.objects.filter(account__agent=agent).count() == 1
    assert desk.get(address).status_code == 405


def test_nobody_but_a_technician_of_the_perimeter_gives_one(
    agent: Agent, technician: Agent, supervisor: Agent, desk: Client, signed_in: SignIn
) -> None:
    officer, far_away = make_agent("Sophie", "Laurent"), make_agent("Loin", "Tain")
    grant(officer, Role.HR_OFFICER)
    address = f"/bureau/agents/{agent.pk}/appareil/"
    for stranger in (agent, supervisor, officer, far_away):
        assert signed_in(stranger, "support").post(address).status_code == 404
    assert desk.post(f"/bureau/agents/{technician.pk}/appareil/").status_code == 404
    without_account = make_agent("Sans", "Compte")
    assert not Account.objects.filter(agent=without_account).exists()
    assert desk.post(f"/bureau/agents/{without_account.pk}/appareil/").status_code == 404
    assert not DeviceCode.objects.exists()
