"""Reading a slip's lines back: exactly what was printed, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nomade.files.drawing import Segment, segments
from nomade.payslips.paper.agents import invented_facts
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.document import euros
from nomade.payslips.payroll.rates import rates_on
from nomade.payslips.payroll.slip import compute_slip
from nomade.payslips.statement import amount, read_statement, text_rows
from nomade.payslips.tests.test_paper import EMPLOYER, MONTH, paid_agent


def _page(folder: Path, number: int, *, official: bool = True, month: date = MONTH) -> list[Segment]:
    write_combined(folder / "s.pdf", [(paid_agent(number, official=official), month)], EMPLOYER, processes=1)
    return segments((folder / "s.pdf").read_bytes(), 0)


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("official", [True, False])
def test_every_line_is_read_back_to_the_cent(tmp_path: Path, number: int, official: bool) -> None:
    statement = read_statement(_page(tmp_path, number, official=official))
    rates = rates_on(MONTH)
    slip = compute_slip(invented_facts(paid_agent(number, official=official), MONTH, rates), rates)
    assert statement is not None
    read = [amount(line.amount) for section in statement.sections for line in section.lines if line.amount]
    printed = [line.amount for line in (*slip.gross_lines, *slip.contribution_lines, *slip.refund_lines) if line.amount]
    assert read == printed
    assert amount(statement.net) == slip.net_paid
    assert dict(statement.totals)["Montant net social"] == euros(slip.net_social)
    assert dict(statement.identity)["Matricule"] == f"{number:07d}"


def test_a_slip_whose_lines_do_not_add_up_is_not_shown_as_lines(tmp_path: Path) -> None:
    pieces = _page(tmp_path, 3)
    spoiled = [
        replace(piece, text="999,99") if piece.text.startswith("−") and piece.y < 500 else piece for piece in pieces
    ]
    assert spoiled != pieces
    assert read_statement(spoiled) is None


def test_another_layout_is_given_row_by_row() -> None:
    pieces = [Segment(200, 20, "1 500,00", 240), Segment(40, 20, "Salaire", 80), Segment(40, 60, "Merci", 70)]
    assert read_statement(pieces) is None
    assert text_rows(pieces) == [["Salaire", "1 500,00"], ["Merci"]]
