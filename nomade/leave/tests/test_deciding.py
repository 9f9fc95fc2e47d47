"""Deciding with the team in view: presence against the minimum, twenty at once, a refusal that proposes other days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.cases.models import CaseState
from nomade.kernel.testing import count_queries
from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import LeaveRequest, MinimumPresence
from nomade.leave.staffing import staff_for
from nomade.people.access import main_assignment
from nomade.people.factories import ENTRY, make_agent, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def team() -> tuple[Agent, list[Agent]]:
    """A head and four gardeners of one unit."""
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    gardeners = [make_agent(f"Agent{n}", "Test", unit=unit, supervisor=head) for n in range(4)]
    open_rights(*gardeners)
    return head, gardeners


def set_minimum(head: Agent, people: int) -> None:
    assignment = main_assignment(head)
    assert assignment is not None
    MinimumPresence.objects.create(unit=assignment.unit, people=people, valid_from=ENTRY, set_by=head)


def test_a_decider_sees_who_would_be_left_each_day_against_the_minimum(team: tuple[Agent, list[Agent]]) -> None:
    head, (first, second, third, _fourth) = team
    set_minimum(head, 4)
    approve_leave(ask_leave(second, week_of(next_monday(2), 1)), by=head)
    ask_leave(third, week_of(next_monday(2), 1))
    leave = ask_leave(first, week_of(next_monday(2), 2))
    staff = staff_for([leave])[leave.pk]
    assert [(day.present, day.team, day.minimum, day.short) for day in staff.days] == [
        (3, 5, 4, True), (4, 5, 4, False),
    ]  # fmt: skip
    assert staff.away == ["Agent1 Test"]
    assert staff.asking == ["Agent2 Test"]


def test_a_day_off_and_a_holiday_need_no_presence(team: tuple[Agent, list[Agent]]) -> None:
    leave = ask_leave(team[1][0], week_of(next_monday(2), 8))
    worked = [day.day for day in staff_for([leave])[leave.pk].days]
    assert all(day.weekday() < 5 for day in worked)
    assert len(worked) == leave.half_days / 2


def test_twenty_requests_are_validated_by_two_taps_on_the_page(signed_in: SignIn) -> None:
    head = make_agent("Mehdi", "Benali", unit=make_unit("DEVE/J15"))
    people = [make_agent(f"Agent{n}", "Test", unit=make_unit("DEVE/J15"), supervisor=head) for n in range(20)]
    open_rights(*people)
    leaves = [ask_leave(person) for person in people]
    client = signed_in(head)
    page = client.get("/conges/a-valider/?tout=1").content.decode()
    assert page.count(" checked>") == 20
    ticked = [f"{leave.pk}:{leave.version}" for leave in leaves]
    answer = client.post("/conges/a-valider/lot/", {"choix": ticked})
    assert (answer.status_code, answer["Location"]) == (303, "/conges/a-valider/")
    assert "20 absences validées" in client.get("/conges/a-valider/").content.decode()
    assert set(LeaveRequest.objects.values_list("state", flat=True)) == {CaseState.APPROVED}


def test_in_a_batch_what_somebody_else_decided_or_changed_is_said_and_the_rest_is_validated(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, second, third, _fourth) = team
    done, changed, fine = ask_leave(first), ask_leave(second), ask_leave(third)
    approve_leave(done, by=head)
    LeaveRequest.objects.filter(pk=changed.pk).update(version=7)
    ticked = [f"{leave.pk}:1" for leave in (done, changed, fine)]
    answer = signed_in(head).post("/conges/a-valider/lot/", {"choix": ticked})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1 demande cochée était déjà traitée" in page
    assert "modifiée entre-temps" in page
    assert "1 absence validée" in page
    assert LeaveRequest.objects.get(pk=fine.pk).state == CaseState.APPROVED
    assert LeaveRequest.objects.get(pk=changed.pk).state == CaseState.SUBMITTED


def test_a_batch_never_holds_the_requests_of_somebody_elses_team_nor_ones_own(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, *_others) = team
    leave = ask_leave(first)
    stranger = make_agent("Léa", "Ailleurs", unit=make_unit("DSIN"))
    for person in (stranger, first):
        answer = signed_in(person).post("/conges/a-valider/lot/", {"choix": [f"{leave.pk}:1"]})
        assert answer.status_code == 409
    leave.refresh_from_db()
    assert leave.state == CaseState.SUBMITTED
    for nothing in ({}, {"choix": ["n’importe quoi"]}, {"choix": [f"{leave.pk}:x"]}):
        answer = signed_in(head).post("/conges/a-valider/lot/", nothing)
        assert (answer.status_code, "Cochez d’abord" in answer.content.decode()) == (422, True)


def test_a_refusal_may_use_a_reason_of_fact_and_propose_other_days(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, second, *_others) = team
    set_minimum(head, 5)
    approve_leave(ask_leave(second), by=head)
    leave = ask_leave(first)
    client = signed_in(head)
    page = client.get("/conges/a-valider/").content.decode()
    assert "il resterait 3 sur 5" in page
    assert "1 collègue de l’équipe est déjà absent" in page
    other = next_monday(4)
    sent = {
        "decision": "refuse",
        "version": leave.version,
        "ready_made": "Présence minimale de l’équipe : il resterait 3 sur 5.",
        "reason": "La semaine suivante convient.",
        "other_first_day": other.isoformat(),
        "other_last_day": (other + timedelta(days=1)).isoformat(),
    }
    assert client.post(f"/conges/{leave.pk}/decision/", sent).status_code == 303
    leave.refresh_from_db()
    assert leave.decision_reason.splitlines() == [
        "Présence minimale de l’équipe : il resterait 3 sur 5.", "La semaine suivante convient.",
    ]  # fmt: skip
    own = signed_in(first).get(f"/conges/{leave.pk}/").content.decode()
    assert "Demander ces dates" in own
    assert f"debut={other.isoformat()}" in own


def test_enter_in_a_date_that_would_suit_validates_nothing_and_keeps_what_was_typed(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, *_others) = team
    leave = ask_leave(first)
    sent = {"decision": "approve", "version": leave.version, "reason": "", "other_first_day": ""}
    for typed in ({"other_first_day": next_monday(4).isoformat()}, {"reason": "Plantation du massif nord."}):
        answer = signed_in(head).post(f"/conges/{leave.pk}/decision/", sent | typed)
        page = answer.content.decode()
        assert answer.status_code == 422 and "choisissez « Refuser »" in page
        assert all(value in page for value in typed.values())
    leave.refresh_from_db()
    assert leave.state == CaseState.SUBMITTED
    assert signed_in(head).post(f"/conges/{leave.pk}/decision/", sent).status_code == 303


def test_days_proposed_in_the_past_or_in_disorder_are_an_error_that_keeps_what_was_typed(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, *_others) = team
    leave = ask_leave(first)
    sent = {"decision": "refuse", "version": leave.version, "reason": "Plantation du massif nord."}
    for days in (
        {"other_first_day": "2020-01-06"},
        {"other_first_day": next_monday(4).isoformat(), "other_last_day": next_monday(3).isoformat()},
    ):
        answer = signed_in(head).post(f"/conges/{leave.pk}/decision/", sent | days)
        assert answer.status_code == 422
        assert "Plantation du massif nord." in answer.content.decode()
    answer = signed_in(head).post(f"/conges/{leave.pk}/decision/", sent | {"other_first_day": "lundi"})
    assert "pas une date" in answer.content.decode()


def test_the_weeks_of_the_team_open_inside_the_page_of_what_waits(
    team: tuple[Agent, list[Agent]], signed_in: SignIn
) -> None:
    head, (first, *_others) = team
    leave = ask_leave(first)
    fragment = signed_in(head).get(
        "/conges/equipe/", {"semaine": leave.first_day.isoformat()}, headers={"HX-Request": "true"}
    )
    text = fragment.content.decode()
    assert "<html" not in text
    assert "Agent0 Test" in text
    assert "à valider" in text


@pytest.mark.parametrize("people", [2, 30])
def test_what_waits_costs_the_same_few_queries_with_balances_and_presence(people: int, signed_in: SignIn) -> None:
    head = make_agent("Mehdi", "Benali", unit=make_unit("DEVE/J15"))
    members = [make_agent(f"Agent{n}", "Test", unit=make_unit("DEVE/J15"), supervisor=head) for n in range(people)]
    open_rights(*members)
    set_minimum(head, 2)
    for member in members:
        ask_leave(member)
    client = signed_in(head)
    with count_queries(at_most=12):
        assert client.get("/conges/a-valider/").status_code == 200
