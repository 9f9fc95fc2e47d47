"""Annualised hours: the plan of a year, the hours due, those done, what absences change, what the year's end gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

import pytest
import time_machine
from django.test import Client

from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel.testing import count_queries
from nomade.leave.actions.corrections import correct_counter, read_correction
from nomade.leave.closing import close_year
from nomade.leave.cycle_files import read_cycles, write_cycles
from nomade.leave.hours import accounts_of
from nomade.leave.models import Counter, LeaveRequest, LeaveType, LegalFigure, Operation
from nomade.leave.opening import open_year
from nomade.leave.rules.annual import Hours, HoursAccount, minutes_due, minutes_planned
from nomade.leave.rules.cycles import Cycle, Engagement
from nomade.leave.rules.periods import Period
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, Situation, WorkCycle
from nomade.people.roles import Role

SignIn = Callable[[Agent], Client]
pytestmark = pytest.mark.django_db
YEAR = 2026
# High season of 42 hours on five days, low season of 28 hours on four: 35 hours on average over two weeks.
SEASONS = "code;libelle;ancre;feries;heures_annuelles;semaine_1;heures_1;semaine_2;heures_2\n"
PARKS = "JARDINS;Saisons des jardins;2026-01-05;non;1607;1111100;42;1111000;28\n"


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel("2026-10-01 09:00 +0200", tick=False):
        yield


@pytest.fixture
def gardener() -> Agent:
    write_cycles(read_cycles(SEASONS + PARKS))
    return make_agent(cycle=WorkCycle.objects.get(code="JARDINS"))


def account(agent: Agent, year: int = YEAR) -> HoursAccount:
    return accounts_of([agent.pk], year)[agent.pk]


def away(agent: Agent, code: str, first: date, last: date) -> None:
    LeaveRequest.of_period(
        Period(first, last),
        owner=agent,
        leave_type=LeaveType.objects.get(code=code),
        reference=new_reference(),
        half_days=2,
        state=CaseState.APPROVED,
    ).save(force_insert=True)


def test_each_week_spreads_its_own_hours_over_the_days_worked() -> None:
    hours = Hours(1607 * 60, 35 * 60, Fraction(1), (42 * 60, 28 * 60))
    parks = Engagement(date(2020, 1, 1), None, Cycle(("1111100", "1111000"), date(2026, 1, 5)), hours)
    assert minutes_planned(parks, hours, date(2026, 1, 6), 2) == Fraction(42 * 60, 5)
    assert minutes_planned(parks, hours, date(2026, 1, 13), 1) == Fraction(28 * 60, 8)


def test_half_a_year_at_eighty_percent_owes_its_part_of_the_hours() -> None:
    hours = Hours(1607 * 60, 35 * 60, Fraction(80, 100))
    half = Engagement(date(2026, 7, 1), None, Cycle(("1111100",)), hours)
    assert minutes_due([half], YEAR) == round(1607 * 60 * Fraction(80, 100) * Fraction(184, 365))


def test_the_plan_of_a_year_is_counted_day_by_day_without_its_holidays(gardener: Agent) -> None:
    found = account(gardener)
    assert found.due == 1607 * 60
    january = found.months[0]
    # Thursday 1 January is a holiday in a low week: 7 h on the Friday left out by the cycle, so nothing that week.
    assert january.planned == (42 + 28 + 42 + 28) * 60
    assert found.done + found.to_come == sum(month.counted for month in found.months)
    assert found.forecast == found.done + found.to_come - found.due


def test_leave_is_left_out_of_the_account_and_illness_counts_as_planned(gardener: Agent) -> None:
    before = account(gardener)
    away(gardener, "CA", date(2026, 2, 2), date(2026, 2, 6))
    with_leave = account(gardener)
    assert before.done - with_leave.done == 42 * 60
    away(gardener, "MALADIE", date(2026, 2, 16), date(2026, 2, 20))
    assert account(gardener).done == with_leave.done
    assert account(gardener).months[1].credited == 42 * 60


def test_hours_done_beyond_the_plan_are_written_by_hr_and_missed_ones_too(gardener: Agent) -> None:
    officer, reader = make_agent("Sophie", "Laurent"), make_agent("Marc", "Ferry")
    correct_counter(gardener, "HEURES", YEAR, 180, by=officer, reason="Fête des jardins, dimanche 7 juin")
    assert account(gardener).adjusted == 180
    correct_counter(gardener, "HEURES", YEAR, -420, by=officer, reason="Journée rendue en plus")
    assert account(gardener).adjusted == -240
    waiting = correct_counter(gardener, "HEURES", YEAR, -60 * 60, by=officer, reason="Planning refait")
    assert account(gardener).adjusted == -240
    read_correction(waiting, by=reader, accept=True)
    assert account(gardener).adjusted == -240 - 3600


def test_annualised_hours_open_annual_leave_in_days_and_no_rtt(gardener: Agent) -> None:
    Situation.objects.filter(agent=gardener).update(weekly_minutes=39 * 60)
    open_year(YEAR)
    # 5 × 4.5 days a week.
    assert dict(Counter.objects.filter(agent=gardener).values_list("code", "half_days")) == {"CA": 45}


def test_the_agent_reads_the_account_and_how_each_month_made_it(gardener: Agent, signed_in: SignIn) -> None:
    open_year(YEAR)
    client = signed_in(gardener)
    with count_queries(at_most=12):
        page = client.get("/conges/").content.decode()
    assert "Mes heures de l’année" in page and "janvier 2026" in page.lower()
    assert "Vos congés restent comptés en jours" in page


def test_who_has_no_annualised_hours_reads_nothing_of_them(signed_in: SignIn) -> None:
    assert "Mes heures de l’année" not in signed_in(make_agent()).get("/conges/").content.decode()


def test_hr_reads_the_account_of_an_agent_and_another_perimeter_does_not(gardener: Agent, signed_in: SignIn) -> None:
    officer = make_agent("Sophie", "Laurent", unit=make_unit("DRH"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    client = signed_in(officer)
    with count_queries(at_most=12):
        assert "Heures annualisées" in client.get(f"/conges/rh/agent/{gardener.pk}/").content.decode()
    with count_queries(at_most=12):
        assert "janvier 2026" in client.get(f"/conges/rh/agent/{gardener.pk}/heures/").content.decode().lower()
    for _number in range(3):
        make_agent(cycle=gardener.situations.get().cycle)
    with count_queries(at_most=12):
        page = client.get("/conges/rh/heures/").content.decode()
    assert gardener.full_name in page and "Dues" in page
    assert gardener.matricule in client.get("/conges/rh/heures/?format=csv").content.decode("utf-8-sig")
    other = make_agent("Zoé", "Ailleurs", unit=make_unit("DPE"))
    grant(other, Role.HR_OFFICER, make_unit("DPE"))
    client = signed_in(other)
    assert client.get(f"/conges/rh/agent/{gardener.pk}/heures/").status_code == 404
    assert gardener.full_name not in client.get("/conges/rh/heures/").content.decode()
    assert gardener.matricule not in client.get("/conges/rh/heures/?format=csv").content.decode("utf-8-sig")


def test_the_years_end_gives_the_hours_done_in_excess_once_where_the_local_rule_says_so(gardener: Agent) -> None:
    with time_machine.travel("2027-02-02 09:00 +0100", tick=False):
        beyond = account(gardener).forecast
        assert beyond > 0
        close_year(YEAR)
        assert not Counter.objects.filter(agent=gardener, code="RECUP").exists()
        LegalFigure.objects.filter(key="annual.surplus").update(value="yes")
        close_year(YEAR)
        close_year(YEAR)
        assert Counter.objects.get(agent=gardener, code="RECUP").half_days == beyond
        report = Operation.objects.filter(kind="cloture").order_by("-pk")[1].report
        assert report["minutes"] == {"heures_en_plus": beyond}


def test_a_file_of_cycles_gives_hours_to_every_week_or_to_none() -> None:
    faults = read_cycles(SEASONS + "A;Saisons;;non;1607;1111100;42;1111000;\n").faults
    assert "heures de 1 semaines sur 2" in faults[0]
    assert read_cycles(SEASONS + "A;Saisons;;non;;1111100;42;1111000;28\n").faults
    assert read_cycles(SEASONS + "A;Saisons;;non;-3;1111100;;;\n").faults


def test_cycles_are_tried_then_written_by_who_keeps_the_rules(signed_in: SignIn) -> None:
    officer = make_agent("Marc", "Ferry", unit=make_unit("DRH"))
    grant(officer, Role.HR_OFFICER)
    client = signed_in(officer)
    with count_queries(at_most=12):
        assert client.get("/conges/rh/parametres/cycles/").status_code == 200
    tried = client.post("/conges/rh/parametres/cycles/", {"rows": SEASONS + PARKS, "essayer": "1"})
    assert "1 cycles seront créés" in tried.content.decode()
    assert not WorkCycle.objects.filter(code="JARDINS").exists()
    client.post("/conges/rh/parametres/cycles/", {"rows": SEASONS + PARKS, "enregistrer": "1"})
    assert WorkCycle.objects.get(code="JARDINS").week_minutes == [2520, 1680]
    bad = client.post("/conges/rh/parametres/cycles/", {"rows": "code;semaine_1\nX;123\n", "enregistrer": "1"})
    assert bad.status_code == 422 and "X" in bad.content.decode()
    local = make_agent("Sophie", "Laurent", unit=make_unit("DRH"))
    grant(local, Role.HR_OFFICER, make_unit("DEVE"))
    assert signed_in(local).get("/conges/rh/parametres/cycles/").status_code == 404
