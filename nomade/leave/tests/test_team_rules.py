"""What a head sets: minimum presence, reserved days, delegation; and what happens to requests that wait too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nomade.cases.models import CaseEvent
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.leave.access import may_decide
from nomade.leave.actions import approve_leave, delegate
from nomade.leave.actions.reminders import remind_and_escalate
from nomade.leave.factories import ask_leave, next_monday, open_rights
from nomade.leave.models import ForbiddenPeriod, MinimumPresence
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def team() -> tuple[Agent, Agent, Agent]:
    """The N+2, the head of a unit, an agent of it."""
    second = make_agent("Nora", "Chef", unit=make_unit("DEVE"))
    head = make_agent("Mehdi", "Benali", unit=make_unit("DEVE/J15"), supervisor=second)
    unit = make_unit("DEVE/J15", head=head)
    agent = make_agent("Camille", "Durand", unit=unit, supervisor=head)
    open_rights(agent)
    return second, head, agent


def test_a_head_sets_a_minimum_that_keeps_its_past_and_cannot_pass_the_team(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    _second, head, _agent = team
    unit = make_unit("DEVE/J15")
    MinimumPresence.objects.create(unit=unit, people=1, valid_from=today() - timedelta(days=9), set_by=head)
    client = signed_in(head)
    sent = {"unit": unit.pk, "people": 2}
    assert client.post("/conges/equipe/reglages/minimum/", sent).status_code == 303
    assert client.post("/conges/equipe/reglages/minimum/", sent).status_code == 303
    rows = list(MinimumPresence.objects.order_by("valid_from").values_list("people", "valid_to"))
    assert rows == [(1, today() - timedelta(days=1)), (2, None)]
    answer = client.post("/conges/equipe/reglages/minimum/", {"unit": unit.pk, "people": 40})
    assert (answer.status_code, "2 personnes" in answer.content.decode()) == (422, True)
    assert client.post("/conges/equipe/reglages/minimum/", {"unit": unit.pk, "people": 0}).status_code == 303
    assert not MinimumPresence.objects.on(today()).exists()


def test_a_head_reserves_days_that_the_team_is_told_of_and_gives_them_back(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    _second, head, agent = team
    client = signed_in(head)
    monday = next_monday(3)
    sent = {
        "unit": make_unit("DEVE/J15").pk, "first_day": monday.isoformat(), "last_day": monday.isoformat(),
        "reason": "Fête des jardins",
    }  # fmt: skip
    assert client.post("/conges/equipe/reglages/jours/", sent | {"reason": ""}).status_code == 422
    assert client.post("/conges/equipe/reglages/jours/", sent | {"last_day": "2020-01-01"}).status_code == 422
    assert client.post("/conges/equipe/reglages/jours/", sent).status_code == 303
    period = ForbiddenPeriod.objects.get()
    assert "Fête des jardins" in client.get("/conges/equipe/reglages/").content.decode()
    assert Notification.objects.filter(agent=agent, kind="leave.days_reserved").count() == 1
    assert client.post(f"/conges/equipe/reglages/jours/{period.pk}/liberer/").status_code == 303
    assert not ForbiddenPeriod.objects.exists()


def test_a_delegation_is_dated_told_to_all_concerned_and_taken_back(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    second, head, agent = team
    deputy = make_agent("Léa", "Adjointe", unit=make_unit("DEVE/J15"), supervisor=head)
    leave = ask_leave(agent)
    client = signed_in(head)
    sent = {
        "receiver": deputy.pk, "first_day": today().isoformat(), "last_day": (today() + timedelta(days=6)).isoformat(),
    }  # fmt: skip
    assert client.post("/conges/equipe/reglages/delegation/", sent).status_code == 303
    assert may_decide(deputy, leave)
    told = {person: Notification.objects.filter(agent=person, kind="leave.delegation").count() for person in team}
    assert told == {second: 1, head: 0, agent: 1}
    assert "vous donne sa délégation" in Notification.objects.get(agent=deputy).title
    again = client.post("/conges/equipe/reglages/delegation/", sent)
    assert (again.status_code, "déjà votre délégation" in again.content.decode()) == (422, True)
    given = Delegation.objects.get()
    assert client.post(f"/conges/equipe/reglages/delegation/{given.pk}/fin/").status_code == 303
    assert not may_decide(deputy, leave)
    assert AuditEvent.objects.filter(event="delegation.ended", actor_id=head.pk).count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(-3, 4, "à venir"), (5, 2, "à venir"), (0, 400, "92 jours au plus")],
)
def test_a_delegation_in_the_past_in_disorder_or_without_end_is_refused(
    first: int, last: int, words: str, team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    _second, head, agent = team
    days = {"first_day": today() + timedelta(days=first), "last_day": today() + timedelta(days=last)}
    answer = signed_in(head).post("/conges/equipe/reglages/delegation/", {"receiver": agent.pk, **days})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    stranger = make_agent("Paul", "Loin", unit=make_unit("DSIN"))
    answer = signed_in(head).post("/conges/equipe/reglages/delegation/", {"receiver": stranger.pk, **days})
    assert answer.status_code == 422
    assert not Delegation.objects.exists()


def test_one_who_receives_a_delegation_never_answers_for_themselves(team: tuple[Agent, Agent, Agent]) -> None:
    _second, head, agent = team
    delegate(head, agent, today(), today() + timedelta(days=3))
    assert not may_decide(agent, ask_leave(agent))


@pytest.mark.parametrize("name", ["agent", "other_head", "hr", "administrator"])
def test_these_pages_exist_only_for_who_leads_and_only_for_their_units(
    name: str, team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    _second, head, agent = team
    other = make_agent("Zoé", "Ailleurs", unit=make_unit("DSIN"))
    person = agent if name == "agent" else other
    if name == "other_head":
        make_unit("DSIN", head=other)
    if name in ("hr", "administrator"):
        grant(other, Role.HR_OFFICER if name == "hr" else Role.ADMINISTRATOR)
    period = ForbiddenPeriod.objects.create(
        unit=make_unit("DEVE/J15"), first_day=today(), last_day=today(), reason="x", set_by=head
    )
    given = delegate(head, agent, today(), today())
    client = signed_in(person)
    assert client.get("/conges/equipe/reglages/").status_code == (200 if name == "other_head" else 404)
    for path, sent in (
        ("minimum/", {"unit": make_unit("DEVE/J15").pk, "people": 1}),
        (f"jours/{period.pk}/liberer/", {}),
        (f"delegation/{given.pk}/fin/", {}),
    ):
        assert client.post(f"/conges/equipe/reglages/{path}", sent).status_code == 404, path
    foreign = {"unit": make_unit("DEVE/J15").pk, "first_day": today(), "last_day": today(), "reason": "x"}
    assert client.post("/conges/equipe/reglages/jours/", foreign).status_code == (422 if name == "other_head" else 404)
    assert not MinimumPresence.objects.exists()
    assert ForbiddenPeriod.objects.count() == Delegation.objects.count() == 1


def test_the_page_of_settings_costs_few_queries(team: tuple[Agent, Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(team[1])
    with count_queries(at_most=12):
        assert client.get("/conges/equipe/reglages/").status_code == 200


def test_the_decider_is_reminded_once_then_the_second_may_answer_and_is_told(team: tuple[Agent, Agent, Agent]) -> None:
    second, head, agent = team
    leave = ask_leave(agent, None)
    assert leave.promised_on is not None
    assert remind_and_escalate() == 0
    eve = now() + timedelta(days=(leave.promised_on - today()).days - 1)
    with time_machine.travel(eve):
        assert [remind_and_escalate(), remind_and_escalate()] == [1, 0]
    assert Notification.objects.filter(agent=head, kind="leave.reminder").count() == 1
    assert not may_decide(second, leave)
    with time_machine.travel(eve + timedelta(days=2)):
        assert [remind_and_escalate(), remind_and_escalate()] == [1, 0]
        leave.refresh_from_db()
        assert may_decide(second, leave)
        assert may_decide(head, leave)
    assert Notification.objects.filter(agent=second, kind="leave.escalated").count() == 1
    events = list(CaseEvent.objects.filter(case_id=leave.pk).order_by("id").values_list("event", flat=True))
    assert events == ["submitted", "reminded", "escalated"]
    approve_leave(leave, by=second)


def test_without_anybody_above_hr_is_told_that_a_request_is_late() -> None:
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    agent = make_agent(unit=unit, supervisor=head)
    hr = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(hr, Role.HR_OFFICER, make_unit("DEVE"))
    open_rights(agent)
    ask_leave(agent)
    with time_machine.travel(now() + timedelta(days=30)):
        assert remind_and_escalate() == 1
    assert Notification.objects.filter(agent=hr, kind="leave.escalated").count() == 1
