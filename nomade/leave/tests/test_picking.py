"""The calendar in which an agent picks days: by taps, without JavaScript too, with the presence of the team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from nomade.kernel.testing import count_queries
from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import Closure, ForbiddenPeriod, LeaveRequest, MinimumPresence
from nomade.leave.picker import PickerDay, month_of, picker, tapped
from nomade.people.access import main_assignment
from nomade.people.factories import ENTRY, make_agent, make_cycle, make_unit
from nomade.people.models import Agent, OrgUnit

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def unit_of(agent: Agent) -> OrgUnit:
    assignment = main_assignment(agent)
    assert assignment is not None
    return assignment.unit


@pytest.fixture
def team() -> tuple[Agent, Agent, Agent]:
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    camille, hugo = (make_agent(name, "Test", unit=unit, supervisor=head) for name in ("Camille", "Hugo"))
    open_rights(camille, hugo)
    return head, camille, hugo


def cell(agent: Agent, day: date) -> PickerDay:
    months = picker(agent, month_of(day), None)
    return next(one for month in months for week in month.weeks for one in week if one and one.day == day)


def test_two_taps_make_a_stretch_and_a_third_starts_another() -> None:
    assert tapped("", "", "2026-12-14") == ("2026-12-14", "2026-12-14")
    assert tapped("2026-12-14", "2026-12-14", "2026-12-16") == ("2026-12-14", "2026-12-16")
    assert tapped("2026-12-14", "2026-12-14", "2026-12-10") == ("2026-12-10", "2026-12-14")
    assert tapped("2026-12-10", "2026-12-14", "2026-12-21") == ("2026-12-21", "2026-12-21")


def test_a_day_says_how_many_are_there_and_the_minimum_but_no_name_nor_reason(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    head, camille, hugo = team
    MinimumPresence.objects.create(unit=unit_of(head), people=2, valid_from=ENTRY, set_by=head)
    monday = next_monday(2)
    approve_leave(ask_leave(hugo, week_of(monday, 1)), by=head)
    found = cell(camille, monday)
    assert "2 présents sur 3, minimum 2" in found.words
    assert found.short
    assert not cell(camille, monday + timedelta(days=1)).short
    page = signed_in(camille).get("/conges/nouvelle/", {"debut": monday.isoformat()}).content.decode()
    calendar = page.split('id="champs"')[0]  # colleagues are named below, among those who may stand in
    assert "2 présents sur 3" in calendar
    assert "Hugo" not in calendar


@time_machine.travel("2026-11-27")
def test_holidays_days_off_closures_reserved_days_and_own_absences_are_told_apart(
    team: tuple[Agent, Agent, Agent],
) -> None:
    head, _camille, _hugo = team
    part_time = make_agent("Leïla", "Martin", unit=unit_of(head), supervisor=head, cycle=make_cycle("80", ("1101100",)))
    open_rights(part_time)
    ask_leave(part_time, week_of(date(2026, 12, 14), 1))
    Closure.objects.create(
        unit=make_unit("DEVE"), label="Pont", first_day=date(2026, 12, 24), last_day=date(2026, 12, 24)
    )
    ForbiddenPeriod.objects.create(
        unit=unit_of(head),
        first_day=date(2026, 12, 17),
        last_day=date(2026, 12, 18),
        reason="Marché de Noël",
        set_by=head,
    )
    kinds = {day: cell(part_time, date(2026, 12, day)) for day in (14, 15, 16, 17, 19, 24, 25)}
    assert [found.kind for found in kinds.values()] == [
        "pending", "worked", "off", "forbidden", "rest", "holiday", "holiday",
    ]  # fmt: skip
    assert "Marché de Noël" in kinds[17].words
    assert kinds[24].words == "fermeture : Pont"
    assert kinds[25].words == "férié : Noël"


def test_without_javascript_each_tap_and_each_turn_of_the_months_keeps_what_was_typed(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    client = signed_in(team[1])
    monday = next_monday(2)
    form = {
        "leave_type": leave_type().pk, "first_day": "", "last_day": "", "first_half": 0, "last_half": 1,
        "comment": "Trois jours au vert", "form_token": "e4a0f0a6-0e0a-4a63-a0f3-6f3dd90d3b1e",
    }  # fmt: skip
    first = client.post("/conges/nouvelle/", form | {"jour": monday.isoformat()})
    form |= {"first_day": monday.isoformat(), "last_day": monday.isoformat()}
    assert f'value="{monday.isoformat()}"' in first.content.decode()
    last = client.post("/conges/nouvelle/", form | {"jour": (monday + timedelta(days=2)).isoformat()})
    page = last.content.decode()
    assert ">3 jours<" in page
    assert "Trois jours au vert" in page
    assert page.count('aria-pressed="true"><span class="pick__day"') == 3
    turned = client.post("/conges/nouvelle/", form | {"mois": month_of(monday, 3).isoformat()}).content.decode()
    assert "Trois jours au vert" in turned
    assert not LeaveRequest.objects.exists()


def test_turning_the_months_stays_within_reach_and_bad_dates_show_this_month(
    team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    client = signed_in(team[1])
    for month in ("1789-07-14", "9999-01-01", "x"):
        answer = client.get("/conges/nouvelle/", {"calendrier": 1, "mois": month}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode()
        assert "Touchez le premier jour" in answer.content.decode()


@pytest.mark.parametrize("people", [1, 40])
def test_the_form_with_its_calendar_costs_the_same_few_queries_whatever_the_team(
    people: int, team: tuple[Agent, Agent, Agent], signed_in: SignIn
) -> None:
    head, camille, _hugo = team
    crowd = [make_agent(f"Agent{n}", "Test", unit=unit_of(head), supervisor=head) for n in range(people)]
    open_rights(*crowd)
    for one in crowd:
        ask_leave(one)
    client = signed_in(camille)
    with count_queries(at_most=12):
        assert client.get("/conges/nouvelle/").status_code == 200
