"""The link of an e-mail: signed, dated, for one person; it shows, and never acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.kernel.testing import run_jobs
from nomade.notifications.actions import notify
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def link_in_the_mail(agent: Agent) -> str:
    notify(agent, kind="leave.submitted", title="Camille demande une absence", url="/conges/a-valider/")
    run_jobs()
    found = re.search(r"https://[^/]+(/notifications/lettre/\S+)\n", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def test_the_link_leads_its_agent_to_the_page_and_changes_nothing(signed_in: SignIn) -> None:
    agent = make_agent()
    path = link_in_the_mail(agent)
    answer = signed_in(agent).get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/conges/a-valider/")
    assert Notification.objects.get().read_at is None


def test_the_link_asks_for_a_sign_in_first() -> None:
    answer = client_on("portal").get(link_in_the_mail(make_agent()))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/connexion/")


def test_a_link_forwarded_changed_or_too_old_opens_nothing(signed_in: SignIn) -> None:
    agent = make_agent()
    path = link_in_the_mail(agent)
    stranger = signed_in(make_agent("Hugo", "Faure")).get(path)
    assert stranger["Location"] == "/notifications/"
    assert signed_in(agent).get(path[:-4] + "abc/")["Location"] == "/notifications/"
    with time_machine.travel(now() + timedelta(days=22)):
        assert signed_in(agent).get(path)["Location"] == "/notifications/"
