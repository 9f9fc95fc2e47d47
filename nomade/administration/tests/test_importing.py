"""An import opens closed accounts and leaves one line in the journal."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nomade.accounts.models import Account
from nomade.administration.importing import import_people
from nomade.administration.reports import faults_told
from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.people.importing.agents import Options
from nomade.people.importing.faults import Fault
from nomade.people.models import Agent
from nomade.people.tests.csvs import agents_csv, row, units_csv

pytestmark = pytest.mark.django_db


def test_new_agents_get_an_account_that_no_password_opens() -> None:
    import_people(agents_csv(row(1), row(2)), units_csv(), Options(today()), actor=None)
    assert [account.login for account in Account.objects.order_by("login")] == ["agent1@paris.fr", "agent2@paris.fr"]
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_an_account_follows_the_login_of_its_agent_even_exchanged() -> None:
    import_people(agents_csv(row(1), row(2)), units_csv(), Options(today()), actor=None)
    swapped = agents_csv(row(1, login="agent2@paris.fr"), row(2, login="agent1@paris.fr"))
    import_people(swapped, None, Options(today()), actor=None)
    assert Account.objects.get(login="agent2@paris.fr").agent.matricule == "00000001"


def test_an_import_is_written_once_in_the_journal_with_its_counts_and_the_hash_of_its_files() -> None:
    source = agents_csv(row(1))
    import_people(source, units_csv(), Options(today()), actor=None)
    event = AuditEvent.objects.get(event="agents.imported")
    assert event.facts["agents_created"] == 1
    assert event.facts["files"]["agents.csv"] == source.sha256


def test_the_command_reports_and_a_rehearsal_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(agents_csv(row(1)).content)
    (tmp_path / "u.csv").write_bytes(units_csv().content)
    said = StringIO()
    call_command("import_agents", tmp_path / "a.csv", units=str(tmp_path / "u.csv"), dry_run=True, stdout=said)
    assert "Agents créés\u00a0: 1," in said.getvalue() and "Essai : rien n’est changé." in said.getvalue()
    assert not Agent.objects.exists()
    call_command("import_units", tmp_path / "u.csv", stdout=said)
    call_command("import_agents", tmp_path / "a.csv", stdout=said)
    assert Agent.objects.count() == 1


def test_the_same_fault_on_many_lines_hides_no_other_one() -> None:
    alike = [Fault(line, "unite", "V", "inconnue.", "a") for line in range(2, 153)]
    date = Fault(150, "date_naissance", "31/02/1990", "une date qui existe.", "a.csv")
    told = [line.replace("\u00a0", " ") for line in faults_told(sorted([*alike, date]))]
    assert told == [
        "a, ligne 2, colonne « unite » : « V » : inconnue. De même aux lignes 3, 4, 5, 6, 7, 8, 9, 10 et 142 autres.",
        "a.csv, ligne 150, colonne « date_naissance » : « 31/02/1990 » : une date qui existe.",
    ]
    assert next(faults_told(alike[:2])).endswith("De même à la ligne 3.")
    different = [Fault(line, "login", f"agent{line}", "déjà pris.") for line in range(2, 62)]
    assert list(faults_told(different))[-1] == "… et 10 autres."


def test_the_command_fails_with_each_fault_and_keeps_them_all_in_a_report(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(agents_csv(*(row(number, statut="?") for number in range(1, 61))).content)
    said, report = StringIO(), tmp_path / "rapport.txt"
    with pytest.raises(CommandError, match="120 erreurs : rien n’est importé"):
        call_command("import_agents", tmp_path / "a.csv", stderr=said, report=str(report))
    assert "ligne 2, colonne « statut » : « ? »" in said.getvalue()
    assert "De même aux lignes 3, 4, 5, 6, 7, 8, 9, 10 et 51 autres." in said.getvalue()
    assert len(said.getvalue().splitlines()) == 2
    assert len(report.read_text().splitlines()) == 120


def test_a_file_that_does_not_exist_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="impossible de lire ce fichier"):
        call_command("import_agents", tmp_path / "absent.csv")
