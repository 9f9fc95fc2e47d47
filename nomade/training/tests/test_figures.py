"""The figures of a year: every group sums to the same, rates are those of the rows, the CSV says what is shown."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nomade.kernel.clock import now, today
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.training.actions.enrolments import Wish, ask
from nomade.training.factories import make_course, make_session
from nomade.training.figures import year_of
from nomade.training.models import CourseKind, Credit, Enrolment, OutsideRequest, SessionState, TrainingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(people: dict[str, Agent]) -> None:
    """Two closed sessions of two types: 7 seats taken of 24, one refused of 8; and an accepted request outside."""
    agents = [make_agent(f"Agent{number}", "Test", unit=make_unit(f"D{number % 2}/U")) for number in range(8)]
    for place, agent in enumerate(agents):
        Agent.objects.filter(pk=agent.pk).update(civility="Mme" if place % 3 else "M.")
    courses = [make_course("Un", cost=Decimal(100)), make_course("Deux", kind=CourseKind.SECURITE, cost=Decimal(50))]
    for number, course in enumerate(courses):
        session = make_session(course, by=people["officer"], seats=12)
        for agent in agents[number * 4 : number * 4 + 4]:
            asked = Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4())))
            state = "refused" if agent is agents[7] else "approved"
            values = {"state": state, "decided_at": now(), "refusal": "Service" if state == "refused" else ""}
            Enrolment.objects.filter(pk=asked.pk).update(**values, seat="none" if state == "refused" else "held")
            if state == "approved":
                Credit.objects.create(enrolment=asked, minutes=420 - 105 * number)
        day = max(today() - timedelta(days=3), date(today().year, 1, 1))
        TrainingSession.objects.filter(pk=session.pk).update(state=SessionState.CLOSED, first_day=day, last_day=day)
    OutsideRequest.objects.create(
        reference="F-1", owner=agents[0], kind="cpf", title="x", organism="x", project="x", first_day=today(),
        last_day=today(), hours=Decimal(7), cost=Decimal(300), promised_on=today(), state="approved", decided_at=now(),
    )  # fmt: skip


@pytest.mark.usefixtures("year")
def test_every_group_sums_to_the_same_days_and_people() -> None:
    found = year_of(date(today().year, 1, 1), date(today().year, 12, 31))
    groups = [found.by_category, found.by_sex, found.by_unit, found.by_kind]
    assert [sum(row.minutes for row in group) for group in groups] == [4 * 420 + 3 * 315] * 4
    assert [sum(row.people for row in group) for group in groups] == [7] * 4
    assert {row.label for row in found.by_sex} == {"Femmes", "Hommes"}
    assert {row.label for row in found.by_kind} == {"professionnalisation", "santé et sécurité"}


@pytest.mark.usefixtures("year")
def test_rates_and_cost_are_those_of_the_rows() -> None:
    found = year_of(date(today().year, 1, 1), date(today().year, 12, 31))
    total = found.total
    assert (total.sessions, total.seats, total.seated, total.fill_rate) == (2, 24, 7, 29.2)
    assert (total.asked, total.refused, total.refusal_rate) == (9, 1, 11.1)
    assert (total.cost, found.outside_cost) == (Decimal(4 * 100 + 3 * 50 + 300), Decimal(300))
    nothing = year_of(date(1990, 1, 1), date(1990, 12, 31))
    assert (nothing.total.fill_rate, nothing.total.refusal_rate, nothing.by_unit) == (0.0, 0.0, [])


@pytest.mark.usefixtures("year")
def test_the_csv_says_what_the_page_shows(people: dict[str, Agent], signed_in: Callable[[Agent], Client]) -> None:
    office = signed_in(people["officer"])
    text = office.get(reverse("training:figures-csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    days = [row for row in rows if row["Groupe"] != "total" and row["Jours"]]
    totals = [row for row in rows if row["Groupe"] == "total"]
    for title in {row["Répartition"] for row in days}:
        summed = sum(int(row["Personnes"]) for row in days if row["Répartition"] == title)
        assert [row["Personnes"] for row in totals if row["Répartition"] == title] == [str(summed)]
    assert totals[-1]["Taux de remplissage (%)"] == "29,2"
    assert totals[-1]["Coût (€)"] == "850"
    page = office.get(reverse("training:figures")).content.decode()
    assert "29,2" in page
    assert "11,1" in page


@pytest.mark.usefixtures("year")
def test_an_officer_of_one_direction_sees_the_figures_of_its_agents_only(
    people: dict[str, Agent], signed_in: Callable[[Agent], Client]
) -> None:
    narrow = make_agent("Odile", "Etroit", unit=make_unit("D1"), post="Formation")
    grant(narrow, Role.TRAINING_OFFICER, make_unit("D1"))
    first, last = date(today().year, 1, 1), date(today().year, 12, 31)
    found = year_of(first, last, ["D1"], depth=2)
    everything = year_of(first, last)
    assert [(row.label, row.people, row.minutes) for row in found.by_unit] == [("U", 3, 2 * 420 + 315)]
    assert {sum(row.minutes for row in group) for group in (found.by_sex, found.by_kind, found.by_category)} == {1155}
    # Agents 1, 3 and 5 came, 7 was refused; the request outside is of agent 0, who is of the other direction.
    assert (found.total.asked, found.total.refused) == (4, 1)
    assert (found.total.cost, found.outside_cost) == (Decimal(2 * 100 + 50), Decimal(0))
    assert (found.total.sessions, found.total.seats, found.total.seated) == (2, 24, 7)
    other = year_of(first, last, ["D0"], depth=2)
    assert found.total.cost + other.total.cost == everything.total.cost
    assert found.total.asked + other.total.asked == everything.total.asked
    client = signed_in(narrow)
    page = client.get(reverse("training:figures")).content.decode()
    assert '<p class="lead">D1</p>' in page
    text = client.get(reverse("training:figures-csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Groupe"] for row in rows if row["Répartition"] == "Par unité"] == ["U", "total"]
    assert rows[-1]["Coût (€)"] == "250"
