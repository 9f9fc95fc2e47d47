"""Lines that the payroll's index gives: shown and explained when they make the net, absent otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from nomade.documents.tests.samples import a_text_pdf
from nomade.payslips.access import figures_of, net_of
from nomade.payslips.actions import import_payslips
from nomade.payslips.known import pay_of
from nomade.payslips.models import Payslip
from nomade.payslips.tests.factories import OCTOBER, order
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
HEADER = "matricule;periode;page_debut;page_fin;net;brut;net_avant_impot;rubrique Traitement;rubrique IFSE;"
HEADER += "rubrique Remboursement de transport;rubrique CNRACL"
RIGHT = "00000101;2026-10;1;1;1 730,00;2 000,00;1 830,00;1 850,00;150,00;50,00;-220,00"
WRONG = "00000102;2026-10;2;2;1 730,00;2 000,00;1 830,00;1 850,00;150,00;50,00;-219,99"


@pytest.fixture
def imported(two_agents: list[Agent], tmp_path: Path) -> list[Payslip]:
    pdf = a_text_pdf(*(f"Matricule {agent.matricule}\nPériode : 10/2026" for agent in two_agents)).read()
    path = tmp_path / "paie.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("paie.pdf", pdf)
        archive.writestr("index.csv", f"{HEADER}\r\n{RIGHT}\r\n{WRONG}\r\n".encode())
    assert import_payslips(order(path)).stored == 2
    return [Payslip.objects.get(agent=agent) for agent in two_agents]


def test_lines_that_make_the_net_are_shown_explained_and_drawn_from_gross_to_net(
    imported: list[Payslip], two_agents: list[Agent], signed_in: SignedIn
) -> None:
    page = signed_in(two_agents[0]).get(reverse("payslips:page", args=[imported[0].pk])).content.decode()
    for told in ("Du brut au net", "IFSE", "−220,00 €", "Qu’est-ce que c’est ?", "Le texte de la page"):
        assert told in page, told
    assert "1\u202f730,00" in page or "1 730,00" in page


def test_lines_that_do_not_make_the_net_are_absent_and_the_slip_stays(
    imported: list[Payslip], two_agents: list[Agent], signed_in: SignedIn
) -> None:
    assert figures_of(imported[1]) is None
    assert str(net_of(imported[1])) == "1730.00"
    page = signed_in(two_agents[1]).get(reverse("payslips:page", args=[imported[1].pk])).content.decode()
    assert "Du brut au net" not in page and "IFSE" not in page


def test_certificates_know_a_month_by_its_lines(imported: list[Payslip], two_agents: list[Agent]) -> None:
    (month,) = pay_of(two_agents[0].pk, OCTOBER, OCTOBER)
    assert [str(part) for part in (month.gross, month.net_before_tax, month.net, month.transport)] == [
        "2000.00", "1830.00", "1730.00", "50.00",
    ]  # fmt: skip
    assert pay_of(two_agents[1].pk, OCTOBER, OCTOBER) == []


def test_no_amount_of_the_index_lies_in_clear(imported: list[Payslip]) -> None:
    for row in Payslip.objects.values_list("net_sealed", flat=True):
        assert b"1730" not in bytes(row) and b"IFSE" not in bytes(row)
