"""What a good file does, dated, and that the same file does nothing twice."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest

from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.people.access import main_assignment, situation_on, supervisor_of
from nomade.people.importing.plan import Source
from nomade.people.models import Agent, Assignment, OrgUnit, RoleGrant, Situation
from nomade.people.roles import Role
from nomade.people.tests.csvs import UNITS, agents_csv, do_import, row, units_csv

pytestmark = pytest.mark.django_db
YESTERDAY = today() - timedelta(days=1)


def ana() -> Agent:
    return Agent.objects.get(matricule="00000001")


def test_a_new_agent_has_everything_since_the_day_of_entry() -> None:
    do_import(agents_csv(row(1, superieur="00000002", quotite="80 %", cycle="1101100"), row(2)), units_csv())
    agent = ana()
    situation, assignment = situation_on(agent), main_assignment(agent)
    assert situation and assignment
    assert (situation.valid_from, situation.quotite, situation.weekly_minutes) == (
        date(2015, 9, 1),
        Decimal(80),
        39 * 60,
    )
    assert (situation.cycle.code, situation.cycle.weeks) == ("1101100", ["1101100"])
    assert assignment.unit.path == "DEVE/J15"
    assert supervisor_of(agent) == Agent.objects.get(matricule="00000002")
    assert agent.search_name.startswith("ana") and agent.sort_name == "petit ana"


def test_the_same_file_changes_nothing_twice() -> None:
    files = agents_csv(row(1, superieur="00000002"), row(2, date_sortie="2020-03-31")), units_csv()
    do_import(*files)
    plan = do_import(*files)
    assert plan.counts()["agents_unchanged"] == 2
    assert plan.changes() == []
    assert plan.known.agents


def test_a_change_closes_the_row_the_day_before_and_opens_another() -> None:
    do_import(agents_csv(row(1)), units_csv(UNITS + "J16;Jardins du 16e;DEVE;service;\n"))
    do_import(agents_csv(row(1, quotite="80", unite="DEVE/J16")))
    before, now = Situation.objects.filter(agent=ana()).order_by("valid_from")
    assert (before.valid_to, before.quotite) == (YESTERDAY, Decimal(100))
    assert (now.valid_from, now.valid_to, now.quotite) == (today(), None, Decimal(80))
    places = Assignment.objects.filter(agent=ana()).order_by("valid_from").values_list("unit__code", "valid_to")
    assert list(places) == [("J15", YESTERDAY), ("J16", None)]


def test_the_day_of_effect_may_be_given() -> None:
    do_import(agents_csv(row(1)), units_csv())
    do_import(agents_csv(row(1, grade="Technicien")), on=date(2026, 1, 1))
    assert list(Situation.objects.order_by("valid_from").values_list("valid_from", "grade")) == [
        (date(2015, 9, 1), "Adjoint technique"),
        (date(2026, 1, 1), "Technicien"),
    ]


def test_a_departure_ends_the_rows_and_one_put_off_extends_them() -> None:
    do_import(agents_csv(row(1)), units_csv())
    plan = do_import(agents_csv(row(1, date_sortie="2030-06-30")))
    assert plan.counts()["agents_left"] == 1
    assert Situation.objects.get().valid_to == Assignment.objects.get().valid_to == date(2030, 6, 30)
    do_import(agents_csv(row(1)))
    assert ana().exit_date is None
    assert Situation.objects.get().valid_to is None


def test_an_empty_phone_keeps_what_the_agent_gave_and_another_address_must_be_proved_again() -> None:
    do_import(agents_csv(row(1)), units_csv())
    Agent.objects.update(mobile="06 12 34 56 78", personal_email="ana@exemple.fr", personal_email_confirmed=True)
    do_import(agents_csv(row(1, nom_usage="Roux")))
    assert (ana().mobile, ana().personal_email_confirmed, ana().sort_name) == ("06 12 34 56 78", True, "roux ana")
    do_import(agents_csv(row(1, nom_usage="Roux", courriel_personnel="autre@exemple.fr")))
    assert not ana().personal_email_confirmed


def test_columns_that_the_file_lacks_keep_what_is_known_and_are_reported() -> None:
    do_import(agents_csv(row(1, quotite="80")), units_csv())
    few = ("matricule", "login", "nom", "prenom", "unite", "statut", "date_entree", "couleur")
    plan = do_import(agents_csv(row(1) | {"couleur": "vert"}, columns=few))
    assert plan.counts()["agents_unchanged"] == 1
    assert "« couleur »" in plan.notices[0] and "« quotite »" in plan.notices[1]
    assert situation_on(ana()).quotite == 80  # type: ignore[union-attr]


def test_two_agents_may_exchange_their_logins() -> None:
    do_import(agents_csv(row(1), row(2)), units_csv())
    do_import(agents_csv(row(1, login="agent2@paris.fr"), row(2, login="agent1@paris.fr")))
    assert list(Agent.objects.order_by("matricule").values_list("login", flat=True)) == [
        "agent2@paris.fr",
        "agent1@paris.fr",
    ]


def test_a_complete_file_sends_away_the_absent_but_never_an_administrator() -> None:
    do_import(agents_csv(row(1), row(2), row(3)), units_csv())
    RoleGrant.objects.create(
        agent=Agent.objects.get(matricule="00000003"), role=Role.ADMINISTRATOR, valid_from=date(2020, 1, 1)
    )
    do_import(agents_csv(row(1)), complete=True)
    assert dict(Agent.objects.values_list("matricule", "exit_date")) == {
        "00000001": None,
        "00000002": YESTERDAY,
        "00000003": None,
    }
    assert Assignment.objects.get(agent__matricule="00000002").valid_to == YESTERDAY


def test_a_unit_moves_with_all_below_it_and_keeps_its_agents() -> None:
    do_import(agents_csv(row(1)), units_csv(UNITS + "DPE;Propreté;;direction;\n"))
    ids = dict(OrgUnit.objects.values_list("code", "pk"))
    do_import(None, units_csv("code;libelle;parent;type;responsable\nDEVE;Parcs;DPE;service;00000001\n"))
    assert list(OrgUnit.objects.order_by("path").values_list("pk", "path")) == [
        (ids["DPE"], "DPE"),
        (ids["DEVE"], "DPE/DEVE"),
        (ids["J15"], "DPE/DEVE/J15"),
    ]
    deve = OrgUnit.objects.get(code="DEVE")
    assert (deve.label, deve.head, deve.parent_id) == ("Parcs", ana(), ids["DPE"])
    assert main_assignment(ana()).unit.path == "DPE/DEVE/J15"  # type: ignore[union-attr]


def test_a_complete_file_of_units_closes_the_absent_and_their_code_may_serve_again() -> None:
    do_import(None, units_csv())
    plan = do_import(None, units_csv("code;libelle\nDEVE;Espaces verts\n"), complete=True)
    assert plan.counts()["units_closed"] == 1
    assert OrgUnit.objects.get(code="J15").valid_to == YESTERDAY
    do_import(None, units_csv())
    assert OrgUnit.objects.filter(path="DEVE/J15", valid_to=None).count() == 1


def test_units_that_only_the_agents_name_may_be_created() -> None:
    do_import(agents_csv(row(1)), create_units=True)
    unit = OrgUnit.objects.get(path="DEVE/J15")
    assert unit.parent == OrgUnit.objects.get(path="DEVE")


def test_a_spreadsheet_reads_as_people_see_it() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    values = row(1)
    sheet.append(list(values))
    sheet.append(list(values.values()))
    cells = dict(zip(values, sheet[2], strict=True))
    cells["matricule"].value, cells["matricule"].number_format = 1, "00000000"
    cells["date_entree"].value = date(2015, 9, 1)
    cells["quotite"].value, cells["quotite"].number_format = 0.8, "0%"
    cells["indice_majore"].value = 385.0
    stream = io.BytesIO()
    book.save(stream)
    do_import(Source("agents.xlsx", stream.getvalue()), units_csv())
    situation = situation_on(ana())
    assert situation and (situation.quotite, situation.indice_majore) == (Decimal(80), 385)


def test_the_number_of_queries_does_not_grow_with_the_file() -> None:
    do_import(None, units_csv())
    with count_queries(at_most=25):
        do_import(agents_csv(*(row(number) for number in range(1, 301))))
    with count_queries(at_most=25):
        do_import(agents_csv(*(row(number, quotite="90", mobile="06 00 00 00 00") for number in range(1, 301))))
    assert Situation.objects.count() == 600


def test_a_position_opens_a_situation_of_its_own() -> None:
    do_import(agents_csv(row(1)), units_csv())
    do_import(agents_csv(row(1, position="Disponibilité")))
    before, now = Situation.objects.filter(agent=ana()).order_by("valid_from")
    assert (before.position, now.position, now.valid_from) == ("activite", "disponibilite", today())
    assert situation_on(ana()) == now
