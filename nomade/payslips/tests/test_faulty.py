"""Twelve faults hidden in one file are all found by its dry run, and nothing doubtful is given out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nomade.payslips.actions import import_payslips
from nomade.payslips.models import Payslip
from nomade.payslips.tests.factories import order, payroll_file
from nomade.payslips.tests.faulty import not_found, plant_faults
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db


def test_each_of_the_twelve_faults_is_on_its_list_and_none_reaches_an_agent(tmp_path: Path) -> None:
    agents = [make_agent("Zoé", f"Nom{rank:02}", matricule=f"000002{rank:02}") for rank in range(36)]
    kept = [agent for agent in agents if not agent.matricule.endswith(("17", "71"))]
    leaver = make_agent("Parti", "Ailleurs", matricule="00000900", exit_date=date(2026, 8, 31))
    source = payroll_file(tmp_path, kept)
    planted = plant_faults(
        source, tmp_path / "piege.pdf", leaver=leaver.matricule, matricules=[agent.matricule for agent in kept]
    )
    report = import_payslips(order(planted.path, dry_run=True, announced=planted.announced))
    assert not_found(planted, report.as_json()["lists"]) == []
    assert report.failed
    stored = import_payslips(order(planted.path, announced=planted.announced, set_aside=True))
    given = set(Payslip.objects.values_list("matricule", flat=True))
    doubtful = {planted.lists[kind][0] for kind in ("missing", "double", "unmatched")}
    assert stored.published
    assert not given & doubtful
