"""The two commands, as an operator types them."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nomade.notifications.models import Notification
from nomade.payslips.access import payslips_of
from nomade.payslips.actions.releasing import release_batch
from nomade.payslips.models import Payslip, PayslipBatch
from nomade.people.factories import grant, make_agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_file_made_by_the_demo_payroll_is_imported(tmp_path: Path) -> None:
    make_agent()
    make_agent("Ali", "Benali")
    path = str(tmp_path / "paie.pdf")
    assert "2 bulletins de 2026-10" in _run("demo_payslips", "--period", "2026-10", "--out", path)
    told = _run("import_payslips", path, "--period", "2026-10", "--processes", "1")
    assert "2 bulletins rangés et chiffrés, publiés." in told
    assert Payslip.objects.count() == 2


def test_a_blocked_file_fails_and_leaves_its_report(tmp_path: Path) -> None:
    make_agent()
    path, report = tmp_path / "paie.pdf", tmp_path / "anomalies.csv"
    _run("demo_payslips", "--period", "2026-09", "--out", str(path))
    with pytest.raises(CommandError, match="bloqué"):
        _run("import_payslips", str(path), "--period", "2026-10", "--processes", "1", "--report", str(report))
    assert "autre mois que celui demandé" in report.read_text(encoding="utf-8")
    assert not Payslip.objects.exists()


def test_a_batch_on_hold_is_seen_by_nobody_until_a_person_of_pay_releases_it(tmp_path: Path) -> None:
    agent = make_agent()
    officer = make_agent("Claire", "Fontaine")
    grant(officer, Role.PAY_OFFICER)
    path = str(tmp_path / "paie.pdf")
    _run("demo_payslips", "--period", "2026-10", "--out", path)
    told = _run("import_payslips", path, "--period", "2026-10", "--processes", "1", "--hold")
    assert "2 bulletins rangés et chiffrés, à publier." in told
    assert list(payslips_of(agent)) == [] and not Notification.objects.exists()
    release_batch(PayslipBatch.objects.get(), by=officer, at=None)
    assert [slip.period for slip in payslips_of(agent)] == [date(2026, 10, 1)]


def test_the_pay_office_is_told_of_a_batch_released_from_the_command_line(tmp_path: Path) -> None:
    officer = make_agent("Claire", "Fontaine")
    grant(officer, Role.PAY_OFFICER)
    path = str(tmp_path / "paie.pdf")
    _run("demo_payslips", "--period", "2026-10", "--out", path)
    _run("import_payslips", path, "--period", "2026-10", "--processes", "1")
    told = Notification.objects.get()
    assert (told.agent, told.title) == (officer, "Un lot de bulletins a été publié sur le serveur")
    assert "ligne de commande, fichier paie.pdf" in told.body


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--period", "2026-13"), "n’est pas un mois"),
        (("--period", "2026-10", "--publish-at", "demain"), "n’est pas une date"),
        (("--period", "2026-10", "--matricule-pattern", "("), "n’est pas correcte"),
        (("--period", "2026-10", "--matricule-pattern", "abc"), "doit avoir un groupe"),
        (("--period", "2026-10", "--hold", "--publish-at", "2026-10-28T08:00"), "ôtez --publish-at"),
        (("--period", "2026-10"), "n’existe pas"),
    ],
)
def test_a_wrong_option_is_one_sentence(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=sentence):
        _run("import_payslips", str(tmp_path / "absent.pdf"), *arguments)


def test_an_empty_city_has_no_slip_to_make(tmp_path: Path) -> None:
    path = tmp_path / "paie.pdf"
    with pytest.raises(CommandError, match="Aucun agent"):
        _run("demo_payslips", "--period", "2026-10", "--out", str(path))
    assert not path.exists()
