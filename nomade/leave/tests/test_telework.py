"""Telework asked: three days a week, two on site, counted with what was asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from nomade.kernel.errors import Refusal
from nomade.leave.actions import submit_leave
from nomade.leave.factories import ask_leave, leave_type, week_of
from nomade.leave.models import LeaveRequest
from nomade.leave.previews import Wish, preview_of
from nomade.people.factories import make_agent, make_cycle, make_supervised_pair
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
MONDAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-16 09:00", tick=False):
        yield


def telework(agent: Agent, first: date, days: int, **details: str) -> LeaveRequest:
    return submit_leave(agent, leave_type("TELETRAVAIL"), week_of(first, days), details=details)


def test_three_days_of_a_week_of_five_are_accepted_and_a_fourth_is_not() -> None:
    agent, _supervisor = make_supervised_pair()
    telework(agent, MONDAY, 3)
    with pytest.raises(Refusal, match="3 jours au plus") as refused:
        telework(agent, date(2026, 12, 10), 1)
    assert "2016-151" in refused.value.rule
    telework(agent, date(2026, 12, 14), 3)


def test_who_works_four_days_teleworks_two() -> None:
    agent = make_agent(cycle=make_cycle("80-MER", ("1101100",)), quotite=80)
    with pytest.raises(Refusal, match="2 jours au plus"):
        telework(agent, MONDAY, 4)
    telework(agent, MONDAY, 2)


def test_a_situation_of_the_law_lifts_the_limit_and_only_the_owner_and_hr_read_it(signed_in: SignIn) -> None:
    agent, supervisor = make_supervised_pair()
    leave = telework(agent, MONDAY, 5, telework_exception="grossesse")
    assert "Grossesse" in signed_in(agent).get(f"/conges/{leave.pk}/").content.decode()
    assert "Grossesse" not in signed_in(supervisor).get(f"/conges/{leave.pk}/").content.decode()


def test_an_invented_situation_lifts_nothing(signed_in: SignIn) -> None:
    agent, _supervisor = make_supervised_pair()
    with pytest.raises(Refusal):
        telework(agent, MONDAY, 5, telework_exception="envie")


def test_the_form_says_it_before_sending_and_asks_the_situation(signed_in: SignIn) -> None:
    agent, _supervisor = make_supervised_pair()
    refusals = preview_of(agent, Wish(leave_type("TELETRAVAIL"), week_of(MONDAY, 5))).refusals
    assert len(refusals) == 1
    told = {"telework_exception": "proche_aidant"}
    assert not preview_of(agent, Wish(leave_type("TELETRAVAIL"), week_of(MONDAY, 5), details=told)).refusals
    page = signed_in(agent).get(f"/conges/nouvelle/?type={leave_type('TELETRAVAIL').pk}").content.decode()
    assert "telework_exception" in page


def test_other_types_are_not_concerned() -> None:
    agent, _supervisor = make_supervised_pair()
    assert ask_leave(agent, week_of(MONDAY, 5), code="FORMATION").half_days == 10
