"""Where an agent is told: the last step of a first sign-in, and the link that shows an address is one's own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from nomade.accounts.actions import give_provisional_password
from nomade.accounts.channel.mail import send_link
from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
OWN = "Vingt-Petits-Tilleuls-7"
EMAIL = "nadia@exemple.fr"


@pytest.fixture
def account() -> Account:
    return make_account(make_agent("Nadia", "Leroy", login="nadia.leroy@paris.fr"))


def _at_the_last_step(account: Account) -> Client:
    code = give_provisional_password(account, actor=None)
    client = client_on("portal")
    client.post("/connexion/", {"login": account.login, "password": code})
    client.post("/premiere-connexion/", {"password": OWN, "again": OWN})
    return client


def _link(account: Account) -> str:
    """The address that the message holds, opened as a mail program would."""
    mail.outbox.clear()
    send_link(account.pk, account.agent.personal_email)
    found = re.search(r"https://\S+", str(mail.outbox[0].body))
    assert found
    return found[0]


def test_until_the_last_step_is_done_nothing_else_opens(account: Account) -> None:
    client = _at_the_last_step(account)
    assert client.get("/compte/")["Location"] == "/premiere-connexion/avis/"
    assert client.get("/premiere-connexion/")["Location"] == "/premiere-connexion/avis/"
    with count_queries(at_most=12):
        assert client.get("/premiere-connexion/avis/").status_code == 200
    assert client.post("/premiere-connexion/avis/", {"channel": "portal"})["Location"] == "/"
    assert client.get("/compte/").status_code == 200
    account.refresh_from_db()
    assert account.notice_channel == "portal" and not account.first_steps_pending
    assert client.get("/premiere-connexion/avis/")["Location"] == "/"


def test_from_the_internet_a_protection_is_chosen_between_the_password_and_the_notices(account: Account) -> None:
    code = give_provisional_password(account, actor=None)
    away = client_on("portal", REMOTE_ADDR="203.0.113.7")
    away.post("/connexion/", {"login": account.login, "password": code})
    page = away.get("/premiere-connexion/").content.decode()
    assert [page.index(step) for step in ("Votre mot de passe", "Votre protection", "Être prévenu")] == sorted(
        page.index(step) for step in ("Votre mot de passe", "Votre protection", "Être prévenu")
    )
    step = away.post("/premiere-connexion/", {"password": OWN, "again": OWN})["Location"]
    assert step == reverse("accounts:factor-step")
    assert away.get("/premiere-connexion/avis/")["Location"] == step
    assert away.get("/paie/")["Location"] == step


def test_the_last_step_cannot_come_before_the_password(account: Account) -> None:
    code = give_provisional_password(account, actor=None)
    client = client_on("portal")
    client.post("/connexion/", {"login": account.login, "password": code})
    assert client.post("/premiere-connexion/avis/", {"channel": "portal"})["Location"] == "/premiere-connexion/"
    account.refresh_from_db()
    assert account.notice_channel == ""


def test_a_personal_address_gets_a_link_and_counts_once_it_is_opened(account: Account) -> None:
    client = _at_the_last_step(account)
    answer = client.post("/premiere-connexion/avis/", {"channel": "email", "email": EMAIL}, follow=True)
    assert f"Un lien part à {EMAIL}" in answer.content.decode()
    job = ProcrastinateJob.objects.get(task_name__endswith="send_address_link")
    assert job.args == {"account": account.pk, "email": EMAIL}
    account.agent.refresh_from_db()
    assert account.agent.personal_email == EMAIL and not account.agent.personal_email_confirmed
    link, elsewhere = _link(account), client_on("portal")
    assert "Nadia" not in str(mail.outbox[0].body) and mail.outbox[0].to == [EMAIL]
    page = elsewhere.get(link)
    account.agent.refresh_from_db()
    assert page.status_code == 200 and not account.agent.personal_email_confirmed, "a mail robot opens links too"
    assert "est confirmée" in elsewhere.post("/confirmer-adresse/", {"lien": _token(link)}).content.decode()
    assert Agent.objects.get(pk=account.agent_id).personal_email_confirmed
    assert AuditEvent.objects.filter(event="personal_email.confirmed", subject_id=account.agent_id).exists()


def _token(link: str) -> str:
    return link.split("lien=")[1]


def test_a_link_dies_after_a_day(account: Account) -> None:
    account.agent.personal_email = EMAIL
    account.agent.save()
    link = _link(account)
    with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=False):
        assert client_on("portal").get(link).status_code == 422
        assert client_on("portal").post("/confirmer-adresse/", {"lien": _token(link)}).status_code == 422
    account.agent.refresh_from_db()
    assert not account.agent.personal_email_confirmed


def test_a_link_of_a_former_address_confirms_nothing(account: Account) -> None:
    account.agent.personal_email = EMAIL
    account.agent.save()
    link = _link(account)
    account.agent.personal_email = "autre@exemple.fr"
    account.agent.save()
    assert client_on("portal").post("/confirmer-adresse/", {"lien": _token(link)}).status_code == 422
    account.agent.refresh_from_db()
    assert not account.agent.personal_email_confirmed


@pytest.mark.parametrize("forge", [lambda token: "", lambda token: token[:-1] + "x", lambda token: "é" * 40])
def test_a_forged_link_confirms_nothing(account: Account, forge: Any) -> None:
    account.agent.personal_email = EMAIL
    account.agent.save()
    assert client_on("portal").get("/confirmer-adresse/", {"lien": forge(_token(_link(account)))}).status_code == 422


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channel": "email", "email": ""}, "Écrivez votre adresse"),
        ({"channel": "email", "email": "nadia@"}, "pas complète"),
        ({"channel": "email", "email": "nadia.leroy@paris.fr"}, "adresse professionnelle"),
        ({}, "obligatoire"),
    ],
)
def test_a_wrong_choice_is_said_and_nothing_typed_is_lost(account: Account, given: dict[str, str], said: str) -> None:
    answer = _at_the_last_step(account).post("/premiere-connexion/avis/", given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{given.get("email", "")}"' in answer.content.decode() or not given.get("email")


def test_the_choice_may_change_later_and_a_new_address_must_be_confirmed_anew(account: Account) -> None:
    account.notice_channel = "email"
    account.save()
    account.agent.personal_email, account.agent.personal_email_confirmed = EMAIL, True
    account.agent.save()
    client = client_of(account)
    assert EMAIL in client.get("/compte/").content.decode()
    assert client.post("/compte/avis/", {"channel": "email", "email": "autre@exemple.fr"}).status_code == 302
    account.agent.refresh_from_db()
    assert not account.agent.personal_email_confirmed
    assert "pas encore confirmée" in client.get("/compte/avis/").content.decode()
    assert client.post("/compte/avis/", {"channel": "portal", "email": "autre@exemple.fr"}).status_code == 302
    assert "Sur le portail seulement." in client.get("/compte/").content.decode()


def test_the_confirmed_address_kept_as_it_is_needs_no_new_link(account: Account) -> None:
    account.agent.personal_email, account.agent.personal_email_confirmed = EMAIL, True
    account.agent.save()
    client_of(account).post("/compte/avis/", {"channel": "email", "email": EMAIL})
    assert not ProcrastinateJob.objects.filter(task_name__endswith="send_address_link").exists()
    account.agent.refresh_from_db()
    assert account.agent.personal_email_confirmed
