"""A day moved once, and cycles that come in by file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from nomade.kernel.errors import Refusal
from nomade.leave.actions.days import move_day
from nomade.leave.cycle_files import read_cycles
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.facts import timetables
from nomade.leave.rules.periods import Half
from nomade.people.factories import make_agent, make_cycle, make_unit
from nomade.people.models import Agent, WorkCycle

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def leila() -> Agent:
    supervisor = make_agent("Mehdi", "Benali")
    one = make_agent(
        "Leïla", "Martin", unit=make_unit("DFPE"), cycle=make_cycle("80-MER", ("1101100",)), quotite=80,
        supervisor=supervisor,
    )  # fmt: skip
    open_rights(one)
    return one


def supervisor_of(agent: Agent) -> Agent:
    found = agent.assignments.get().supervisor
    assert found is not None
    return found


def test_a_supervisor_moves_a_wednesday_once_and_the_agent_is_told(leila: Agent, signed_in: SignIn) -> None:
    monday = next_monday(2)
    wednesday, thursday = monday + timedelta(days=2), monday + timedelta(days=3)
    client = signed_in(supervisor_of(leila))
    address = f"/conges/rh/agent/{leila.pk}/jour/"
    sent = {"off": thursday.isoformat(), "worked": wednesday.isoformat(), "reason": "Réunion de la crèche"}
    assert client.post(address, sent).status_code == 303
    table = timetables([leila.pk], monday, monday + timedelta(days=13))[leila.pk]
    assert table.halves_worked(wednesday) == frozenset(Half)
    assert table.halves_worked(thursday) == frozenset()
    assert table.halves_worked(wednesday + timedelta(days=7)) == frozenset()
    assert "Réunion de la crèche" in leila.notifications.get().body
    assert ask_leave(leila, week_of(monday)).half_days == 8
    again = client.post(address, sent)
    assert again.status_code == 422


def test_a_move_is_refused_for_oneself_for_the_past_or_over_an_absence(leila: Agent) -> None:
    monday, supervisor = next_monday(2), supervisor_of(leila)
    wednesday, thursday = monday + timedelta(days=2), monday + timedelta(days=3)
    with pytest.raises(Refusal, match="autre personne"):
        move_day(leila, thursday, wednesday, by=leila, reason="Moi")
    with pytest.raises(Refusal, match="à venir"):
        move_day(leila, thursday - timedelta(days=60), wednesday, by=supervisor, reason="Hier")
    with pytest.raises(Refusal, match="d’après le cycle"):
        move_day(leila, wednesday, thursday, by=supervisor, reason="À l’envers")
    ask_leave(leila, week_of(thursday, 1))
    with pytest.raises(Refusal, match="déjà posée"):
        move_day(leila, thursday, wednesday, by=supervisor, reason="Réunion")


CYCLES = """code;libelle;ancre;feries;heures_annuelles;semaine_1;semaine_2
EQ-MATIN;Équipe du matin;2026-01-07;oui;;1111100;0011111
ANNUEL;Annualisé;;non;1 607,0;1111100;
"""


def test_a_file_of_cycles_is_tried_then_written_and_may_come_again(tmp_path: Path) -> None:
    file = tmp_path / "cycles.csv"
    file.write_text(CYCLES.replace("1 607,0", "1607"), encoding="utf-8")
    said = StringIO()
    call_command("import_cycles", str(file), "--dry-run", stdout=said)
    assert "2 créés" in said.getvalue()
    assert not WorkCycle.objects.filter(code="EQ-MATIN").exists()
    call_command("import_cycles", str(file), stdout=said)
    made = WorkCycle.objects.get(code="EQ-MATIN")
    assert (made.weeks, made.anchor, made.works_holidays) == (["1111100", "0011111"], date(2026, 1, 5), True)
    assert WorkCycle.objects.get(code="ANNUEL").annual_minutes == 1607 * 60
    call_command("import_cycles", str(file), stdout=said)
    assert "2 mis à jour" in said.getvalue()
    assert WorkCycle.objects.filter(code="EQ-MATIN").count() == 1


def test_a_wrong_file_of_cycles_names_each_line_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cycles.csv"
    file.write_text("code;semaine_1\nA;11111\n;1111100\nB;1111100\nB;1111100\n", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("import_cycles", str(file))
    assert all(f"Ligne {line}" in str(caught.value) for line in (2, 3, 5))
    assert not WorkCycle.objects.filter(code="B").exists()
    assert read_cycles("libelle\nx\n").faults
