"""Who was under 21 on 1 January may take the whole year of leave; what exceeds the right is not paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.rules.periods import Period
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture(autouse=True)
def in_september() -> object:
    with time_machine.travel("2026-09-07 10:00+02:00", tick=False) as moment:
        yield moment


def _young() -> Agent:
    """Hired on 1 July at 20, as in the worked case CA15: 12.5 days paid, 12.5 more on request."""
    agent = make_agent(birth_date=date(2005, 6, 1), entry_date=date(2026, 7, 1))
    open_rights(agent)
    return agent


def test_the_page_tells_a_young_agent_how_many_days_more_they_may_ask_for(signed_in: SignIn) -> None:
    page = signed_in(_young()).get("/conges/").content.decode()
    assert "jusqu’à 25" in page
    assert "12,5" in page
    assert "?code=CA_JEUNE" in page


def test_the_form_opens_on_those_days_and_says_what_they_are(signed_in: SignIn) -> None:
    kind, monday = leave_type("CA_JEUNE"), next_monday(3)
    page = signed_in(_young()).get(f"/conges/nouvelle/?code=CA_JEUNE&debut={monday}&fin={monday}").content.decode()
    assert f'<option value="{kind.pk}" selected' in page
    assert "Vous pouvez demander 12,5" in page


def test_nobody_else_is_offered_them_nor_may_take_them(signed_in: SignIn) -> None:
    agent = make_agent()
    open_rights(agent)
    assert leave_type("CA_JEUNE").label not in signed_in(agent).get("/conges/nouvelle/").content.decode()
    with pytest.raises(Refusal, match="moins de 21 ans"):
        ask_leave(agent, code="CA_JEUNE")


def test_the_days_asked_never_exceed_the_whole_year_and_take_nothing_from_paid_leave() -> None:
    agent = _young()
    ask_leave(agent, week_of(next_monday(2), 12), code="CA_JEUNE")
    with pytest.raises(Refusal, match="Il vous reste 2,5"):
        ask_leave(agent, week_of(next_monday(5), 3), code="CA_JEUNE")
    assert agent.leave_counters.get(code="CA", year=2026).half_days == 25


def test_each_year_is_asked_for_apart() -> None:
    agent = _young()
    with pytest.raises(Refusal, match="chaque année"):
        ask_leave(agent, Period(date(2026, 12, 30), date(2027, 1, 5)), code="CA_JEUNE")


def test_the_day_of_birth_decides_on_the_first_of_january() -> None:
    agent = _young()
    agent.birth_date = date(2005, 1, 1)  # 21 on that very day
    agent.save(update_fields=["birth_date"])
    with pytest.raises(Refusal, match="moins de 21 ans"):
        ask_leave(agent, code="CA_JEUNE")


def test_a_head_of_team_does_not_learn_the_age_of_an_agent_but_hr_may_type_the_request(signed_in: SignIn) -> None:
    unit = make_unit()
    head = make_agent()
    unit.head = head
    unit.save()
    agent = _young()
    agent.assignments.update(unit=unit)
    officer = make_agent()
    grant(officer, Role.HR_OFFICER, unit)
    label = leave_type("CA_JEUNE").label
    assert label not in signed_in(head).get(f"/conges/equipe/saisie/{agent.pk}/").content.decode()
    assert label in signed_in(officer).get(f"/conges/equipe/saisie/{agent.pk}/").content.decode()


def test_the_page_of_a_young_agent_keeps_to_its_queries(signed_in: SignIn) -> None:
    client = signed_in(_young())
    client.get("/conges/")
    with count_queries(at_most=12):
        client.get("/conges/")
    assert today().year == 2026
