"""« Je ne viens pas aujourd’hui » at half past six, what it was later, what is past, what is typed for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from nomade.cases.models import CaseState
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import run_jobs
from nomade.leave.actions import announce_absence, specify_leave, submit_leave
from nomade.leave.factories import leave_type, open_rights
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.periods import Half, Period
from nomade.notifications.models import Notification
from nomade.people.factories import make_supervised_pair
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
# A Tuesday of work, 6.30 in Paris.
EARLY = "2026-12-01T05:30:00+00:00"
TODAY = date(2026, 12, 1)
TOKEN = "e4a0f0a6-0e0a-4a63-a0f3-6f3dd90d3b1e"


@pytest.fixture(autouse=True)
def early() -> Iterator[None]:
    """Before everything else that a test asks for: rights are opened for the year one is in."""
    with time_machine.travel(EARLY):
        yield


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    return agent, supervisor


@time_machine.travel(EARLY, tick=False)
def test_from_the_home_page_one_link_and_one_button_tell_the_supervisor_at_once(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    client = signed_in(agent)
    assert "/conges/absent-aujourdhui/" in client.get("/").content.decode()
    assert "Mehdi Benali" in client.get("/conges/absent-aujourdhui/").content.decode()
    for _again in range(3):
        answer = client.post("/conges/absent-aujourdhui/", {"since": "0", "form_token": TOKEN})
        assert answer.status_code == 303
    leave = LeaveRequest.objects.get()
    assert (leave.first_day, leave.last_day, leave.half_days) == (TODAY, TODAY, 2)
    told = Notification.objects.get(agent=supervisor)
    assert told.title == "Camille Durand prévient de son absence le 1er décembre 2026"
    run_jobs()
    assert [message.to for message in mail.outbox] == [[supervisor.login]]
    page = client.get(f"/conges/{leave.pk}/").content.decode()
    assert "dites de quelle absence il s’agit" in page


@time_machine.travel("2026-12-05T08:00:00+00:00")
def test_on_a_day_off_there_is_nothing_to_announce_and_the_page_says_so(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    answer = signed_in(pair[0]).post("/conges/absent-aujourdhui/", {"since": "0", "form_token": TOKEN})
    assert answer.status_code == 422
    assert "aucun de ces jours" in answer.content.decode()
    assert signed_in(pair[0]).post("/conges/absent-aujourdhui/", {}).status_code == 422


def test_an_announced_absence_becomes_a_request_of_its_type_with_its_circuit(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    leave = announce_absence(agent, since=Half.AFTERNOON)
    client = signed_in(agent)
    assert "Pièce justificative" in client.get(f"/conges/{leave.pk}/preciser/").content.decode()
    sent = {
        "leave_type": leave_type("MALADIE").pk,
        "last_day": (TODAY + timedelta(days=2)).isoformat(),
        "form_token": TOKEN,
    }  # fmt: skip
    first = client.post(f"/conges/{leave.pk}/preciser/", sent)
    again = client.post(f"/conges/{leave.pk}/preciser/", sent)
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"]
    leave.refresh_from_db()
    new = LeaveRequest.objects.get(replaces=leave)
    assert (leave.state, new.state, new.waits_for) == (CaseState.CANCELLED, CaseState.SUBMITTED, "hr")
    assert (new.first_half, new.last_day) == (Half.AFTERNOON, TODAY + timedelta(days=2))
    titles = list(Notification.objects.filter(agent=supervisor).values_list("title", flat=True))
    assert all("rrêt" not in title and "aladie" not in title for title in titles)
    assert any(title.startswith("Absence de Camille Durand") for title in titles)
    with pytest.raises(Refusal, match="déjà précisée"):
        specify_leave(leave, leave_type("CA"), Period(TODAY, TODAY))


def test_a_type_that_says_no_leaves_the_announcement_as_it_was(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    leave = announce_absence(pair[0])
    sent = {"leave_type": leave_type("CA").pk, "last_day": "2027-03-31", "form_token": TOKEN}
    answer = signed_in(pair[0]).post(f"/conges/{leave.pk}/preciser/", sent)
    assert answer.status_code == 422
    assert "31 jours" in answer.content.decode()
    leave.refresh_from_db()
    assert leave.state == CaseState.SUBMITTED
    before = signed_in(pair[0]).post(f"/conges/{leave.pk}/preciser/", sent | {"last_day": "2026-11-30"})
    assert "avant le premier" in before.content.decode()


def test_a_past_day_is_regularised_within_the_local_delay_and_further_by_who_types_it_for_the_agent(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    recent, old = date(2026, 11, 3), date(2026, 10, 1)
    page = signed_in(agent).get("/conges/nouvelle/", {"debut": recent.isoformat(), "fin": recent.isoformat()})
    assert "régularise une absence" in page.content.decode()
    assert "jours avant" not in page.content.decode()
    assert submit_leave(agent, leave_type(), Period(recent, recent)).state == CaseState.SUBMITTED
    with pytest.raises(Refusal, match="ils peuvent la saisir pour vous"):
        submit_leave(agent, leave_type(), Period(old, old))
    assert submit_leave(agent, leave_type(), Period(old, old), by=supervisor).entered_by == supervisor


def test_a_supervisor_types_an_absence_for_an_agent_without_a_phone_then_decides_it(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    client = signed_in(supervisor)
    address = f"/conges/equipe/saisie/{agent.pk}/"
    page = client.get(address).content.decode()
    assert "Saisir une absence pour Camille Durand" in page
    form = {
        "leave_type": leave_type().pk, "first_day": "2026-12-14", "last_day": "2026-12-14", "first_half": 0,
        "last_half": 1, "comment": "Papier remis ce matin", "form_token": TOKEN,
    }  # fmt: skip
    answer = client.post(address, form)
    leave = LeaveRequest.objects.get()
    assert (leave.owner, leave.entered_by, leave.state) == (agent, supervisor, CaseState.SUBMITTED)
    shown = client.get(answer["Location"]).content.decode()
    assert "Demande saisie pour l’agent" in shown
    assert client.post(f"/conges/{leave.pk}/decision/", {"decision": "approve", "version": 1}).status_code == 303
    told = signed_in(agent).get("/notifications/").content.decode()
    assert "Mehdi Benali a saisi pour vous une absence" in told
