"""The combined PDF of the demo payroll, read back with another library than the one that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pikepdf
import pypdfium2
import pytest

from nomade.payslips.paper.agents import PaidAgent, invented_facts, payment_day
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.document import Employer, euros, printed_slip
from nomade.payslips.payroll.rates import rates_on
from nomade.payslips.payroll.slip import compute_slip

MONTH = date(2026, 10, 1)
EMPLOYER = Employer("Ville de Paris", "4 rue de Lobau, 75004 Paris", "217 500 016 00019", "84.11Z")


def paid_agent(number: int, *, official: bool = True) -> PaidAgent:
    return PaidAgent(
        matricule=f"{number:07d}",
        civility="Mme",
        first_name="Zoé",
        last_name="Lefèvre",
        birth_date=date(1984, 5, 3),
        address="12 rue des Lilas, 75020 Paris",
        unit="Division des jardins du 15e arrondissement",
        official=official,
        category="C",
        grade="Adjointe technique",
        echelon="7",
        indice_majore=385,
        working_share=100,
        entry_date=date(2015, 9, 1),
    )


@pytest.fixture(scope="module")
def combined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper") / "paie.pdf"
    write_combined(out, [(paid_agent(number), MONTH) for number in range(1, 21)], EMPLOYER, processes=1)
    return out


def test_a_slip_prints_its_matricule_its_period_and_its_net(combined: Path) -> None:
    text = pypdfium2.PdfDocument(combined)[0].get_textpage().get_text_bounded().replace("\u00a0", " ")
    slip = compute_slip(invented_facts(paid_agent(1), MONTH, rates_on(MONTH)), rates_on(MONTH))
    assert "Matricule 0000001" in text
    assert "Période 2026-10" in text
    assert f"Net payé {euros(slip.net_paid)} €".replace("\u00a0", " ") in text


def test_a_slip_carries_the_mentions_expected_of_a_public_employer(combined: Path) -> None:
    text = pypdfium2.PdfDocument(combined)[0].get_textpage().get_text_bounded()
    expected = (
        "SIRET 217 500 016 00019", "APE 84.11Z", "LEFÈVRE Zoé", "Adjointe technique", "Échelon 7", "Indice majoré 385",
        "Quotité", "Sécurité sociale 2 84 ••", "Rémunération brute totale", "CNRACL", "CSG déductible",
        "Montant net social", "Net imposable", "Impôt prélevé à la source", "Cumuls 2026", "Payé le 27/10/2026",
        "Total versé par l’employeur",
    )  # fmt: skip
    assert [mention for mention in expected if mention not in text.replace("\u00a0", " ")] == []


def test_each_agent_has_a_bookmark_on_their_first_page(combined: Path) -> None:
    with pikepdf.open(combined) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        pages = [cast(pikepdf.Array, item.destination)[0] for item in outline.root]
        targets = [pdf.pages.index(pikepdf.Page(page)) for page in pages]
    assert titles[:2] == ["0000001 LEFÈVRE Zoé", "0000002 LEFÈVRE Zoé"]
    # The seventeenth has an annex: those after it start one page later.
    assert targets == [*range(17), *range(18, 21)]


def test_the_combined_file_is_sound_and_tells_its_language(combined: Path) -> None:
    with pikepdf.open(combined) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert (len(pdf.pages), str(pdf.Root.Lang)) == (21, "fr-FR")


def test_an_interrupted_run_leaves_no_file_that_looks_whole(tmp_path: Path) -> None:
    def agents() -> Iterator[tuple[PaidAgent, date]]:
        yield paid_agent(1), MONTH
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_combined(tmp_path / "paie.pdf", agents(), EMPLOYER, processes=1)
    assert not (tmp_path / "paie.pdf").exists()


def test_the_totals_of_the_year_are_the_sum_of_its_months() -> None:
    data = printed_slip(paid_agent(3), MONTH, EMPLOYER).data
    nets = []
    for number in range(1, 11):
        month = date(2026, number, 1)
        nets.append(compute_slip(invented_facts(paid_agent(3), month, rates_on(month)), rates_on(month)).net_paid)
    assert dict(data["year"])["Net payé"] == euros(sum(nets, Decimal(0)))


def test_pay_falls_on_the_fourth_weekday_before_the_end_of_the_month() -> None:
    assert payment_day(date(2026, 10, 1)) == date(2026, 10, 27)
