"""Rights counted again when a situation changes, and positions in which nothing is acquired nor taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel.errors import Refusal
from nomade.leave.actions import submit_leave
from nomade.leave.models import Counter, CounterKind, LeaveRequest, LeaveType, LedgerEntry, Mode, Operation
from nomade.leave.opening import open_year
from nomade.leave.regularising import regularise_open_years, regularise_year
from nomade.leave.rules.periods import Period
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent, make_cycle, make_supervised_pair
from nomade.people.models import Agent, Position, Situation, Status
from nomade.people.ports import presence

SignIn = Callable[[Agent], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_june")]
YEAR = 2026


@pytest.fixture
def in_june() -> object:
    with time_machine.travel("2026-06-10 09:00 +0200", tick=False):
        yield


def left(agent: Agent, code: str = "CA", year: int = YEAR) -> int:
    return Counter.objects.get(agent=agent, code=code, year=year).half_days


def change(agent: Agent, since: date, **values: object) -> None:
    """Ends the situation the day before and opens another, as the import does."""
    held = Situation.objects.get(agent=agent, valid_to__isnull=True)
    Situation.objects.filter(pk=held.pk).update(valid_to=date.fromordinal(since.toordinal() - 1))
    fields = {"status": held.status, "cycle": held.cycle, "quotite": held.quotite, "weekly_minutes": 39 * 60}
    Situation.objects.create(agent=agent, valid_from=since, **(fields | values))


def test_going_to_four_days_in_july_takes_back_the_difference_once_and_says_why() -> None:
    agent, other = make_agent(), make_agent()
    open_year(YEAR)
    change(agent, date(YEAR, 7, 1), cycle=make_cycle("LM-JV", ("1101100",)), quotite=80)
    regularise_year(YEAR)
    regularise_year(YEAR)
    assert (left(agent), left(other)) == (45, 50)
    entry = LedgerEntry.objects.filter(counter__agent=agent, counter__code="CA").order_by("-pk")[0]
    assert entry.half_days == -5
    assert "22,5 jours au lieu de 25 jours" in entry.reason and "votre situation a changé" in entry.reason
    assert Notification.objects.filter(agent=agent, kind="leave.recounted").count() == 1
    assert Operation.objects.filter(kind="situation").count() == 1


def test_coming_back_to_full_time_gives_the_difference() -> None:
    agent = make_agent(cycle=make_cycle("LM-JV", ("1101100",)), quotite=80)
    open_year(YEAR)
    change(agent, date(YEAR, 7, 1), cycle=make_cycle(), quotite=100)
    regularise_year(YEAR)
    assert left(agent) == 45


def test_who_leaves_in_march_keeps_the_part_of_the_year_that_was_served() -> None:
    agent = make_agent()
    open_year(YEAR)
    Situation.objects.filter(agent=agent).update(valid_to=date(YEAR, 3, 31))
    regularise_year(YEAR)
    assert left(agent) == 13


def test_what_is_spent_already_is_not_taken_back_and_hr_reads_it_in_the_report() -> None:
    agent = make_agent()
    open_year(YEAR)
    counter = Counter.objects.get(agent=agent, code="CA")
    LedgerEntry.objects.create(counter=counter, kind="prise", half_days=-40, date=date(YEAR, 2, 1), reason="Absence")
    Situation.objects.filter(agent=agent).update(valid_to=date(YEAR, 6, 30))
    regularise_year(YEAR)
    assert left(agent) == 0
    (matricule, why) = next(line for line in Operation.objects.get(kind="situation").report["left"])
    assert matricule == agent.matricule and "7,5 jours de trop" in why


def test_counters_of_the_time_system_are_left_to_it() -> None:
    agent = make_agent()
    open_year(YEAR)
    CounterKind.objects.filter(code="CA").update(mode=Mode.FED)
    Situation.objects.filter(agent=agent).update(valid_to=date(YEAR, 6, 30))
    regularise_year(YEAR)
    assert (left(agent), left(agent, "RTT")) == (50, 23)


@pytest.mark.parametrize(
    ("position", "half_days"),
    [
        (Position.AVAILABLE, 25),
        (Position.SECONDED, 25),
        (Position.PARENTAL, 25),
        (Position.EXCLUDED, 25),
        (Position.LENT, 50),
        (Position.SECONDED_IN, 50),
    ],
)
def test_a_position_opens_rights_or_not(position: Position, half_days: int) -> None:
    agent = make_agent()
    change(agent, date(YEAR, 7, 1), position=position)
    open_year(YEAR)
    assert left(agent) == half_days


def test_a_whole_year_of_disponibilite_opens_nothing() -> None:
    agent = make_agent()
    Situation.objects.filter(agent=agent).update(position=Position.AVAILABLE)
    assert open_year(YEAR).opened == {}


def test_a_conge_parental_validated_in_the_year_opens_no_right_for_its_days() -> None:
    agent = make_agent()
    open_year(YEAR)
    LeaveRequest.of_period(
        Period(date(YEAR, 7, 1), date(YEAR, 12, 31)),
        owner=agent,
        leave_type=LeaveType.objects.get(code="PARENTAL"),
        reference=new_reference(),
        half_days=368,
        state=CaseState.APPROVED,
    ).save(force_insert=True)
    regularise_open_years()
    assert left(agent) == 25


def test_nothing_is_asked_nor_expected_in_a_position_without_service() -> None:
    agent = make_agent()
    open_year(YEAR)
    change(agent, date(YEAR, 7, 1), position=Position.AVAILABLE)
    day = date(YEAR, 7, 6)
    with pytest.raises(Refusal, match="vous êtes en disponibilité"):
        submit_leave(agent, LeaveType.objects.get(code="CA"), Period(day, day))
    known = presence([agent.pk], day, day)
    assert known and known[agent.pk][day] == "absent"


def test_the_form_says_the_position_that_stops_it(signed_in: SignIn) -> None:
    agent, _supervisor = make_supervised_pair()
    open_year(YEAR)
    change(agent, date(YEAR, 7, 1), position=Position.PARENTAL, status=Status.TITULAIRE)
    client = signed_in(agent)
    kind = LeaveType.objects.get(code="CA")
    dates = {"first_day": "2026-07-06", "last_day": "2026-07-07", "first_half": "0", "last_half": "1"}
    page = client.post("/conges/nouvelle/", dates | {"leave_type": kind.pk, "form_token": "abc"})
    assert page.status_code == 422
    assert "vous êtes en congé parental" in page.content.decode()


def test_the_command_says_what_it_counted_again() -> None:
    agent, said = make_agent(), StringIO()
    open_year(YEAR)
    Situation.objects.filter(agent=agent).update(valid_to=date(YEAR, 6, 30))
    call_command("recount_leave_year", str(YEAR), stdout=said)
    assert "2 compteurs recalculés, 0 déjà trop pris" in said.getvalue()
