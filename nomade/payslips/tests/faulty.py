"""Twelve faults hidden in a payroll file, each of another kind, as payrolls and people make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from nomade.payslips.rules import USUAL_PAGES

UNKNOWN = "99999991"
PERIOD = "2026-10"
FAULTS = 12


@dataclass(frozen=True)
class Planted:
    """What was hidden: for each list of the dry run, the matricules or the details it must hold."""

    path: Path
    announced: int
    lists: dict[str, list[str]] = field(default_factory=dict)


def plant_faults(source: Path, out: Path, *, leaver: str, matricules: list[str], period: str = PERIOD) -> Planted:
    """A copy of a payroll file (one page a slip, in the order of `matricules`) with twelve faults in it.

    `leaver` is the matricule of somebody who left before the month and is not in the file.
    """
    assert len(matricules) >= FAULTS, "too few slips to hide twelve faults among them"
    spots = [rank * len(matricules) // FAULTS for rank in range(FAULTS)]
    wrong, long = matricules[spots[2]], matricules[spots[3]]
    loose = {
        spots[2]: [f"Matricule {wrong} P\\351riode 2019-09"],  # 1. another month
        spots[3]: [f"Matricule {long} P\\351riode {period}"] * USUAL_PAGES,  # 2. a slip far too long
        spots[4]: [f"Matricule {UNKNOWN} P\\351riode {period}"],  # 3. a matricule that nobody has
        spots[5]: [f"Matricule {leaver} P\\351riode {period}"],  # 4. somebody who left
        spots[6]: [""],  # 5. a page without text
        spots[7]: [f"Matricule {UNKNOWN} Matricule 99999992 P\\351riode {period}"],  # 6. two owners
        spots[8]: [f"Bulletin de paie P\\351riode {period}"],  # 7. no owner
        spots[9]: [f"Matricule {UNKNOWN} P\\351riode {period} P\\351riode 2019-08"],  # 8. two months
        spots[10]: [f"Matricule {UNKNOWN}"],  # 9. no month
    }
    with pikepdf.open(source) as pdf, pikepdf.new() as copy:
        pages = list(pdf.pages)
        for rank, page in enumerate(pages):
            if rank != spots[0]:  # 10. somebody's slip is not there
                copy.pages.append(page)
            for text in loose.get(rank, []):
                _add_page(copy, text)
        copy.pages.append(pages[spots[1]])  # 11. the same slip twice
        slips = len(pages)
        copy.save(out)
    lists = {
        "missing": [matricules[spots[0]]],
        "double": [matricules[spots[1]]],
        "unmatched": [UNKNOWN],
        "wrong_period": [wrong],
        "left": [leaver],
        "odd_pages": [long],
        "unreadable": [
            "aucun texte sur la page", "plusieurs matricules", "aucun matricule",
            "plusieurs périodes", "aucune période",
        ],
        "count": ["annoncés par la paie"],
    }  # fmt: skip
    return Planted(out, announced=slips + 500, lists=lists)  # 12. the payroll announces more


def _add_page(pdf: pikepdf.Pdf, text: str) -> None:
    """A page of plain text; the text is written as PDF strings are, `\\351` for « é »."""
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(f"BT /F1 11 Tf 40 700 Td ({text}) Tj ET".encode("ascii") if text else b"")


def not_found(planted: Planted, lists: dict[str, list[list[str]]]) -> list[str]:
    """The planted faults that a dry run's lists do not hold."""
    return [
        f"{kind}: {wanted}"
        for kind, every in planted.lists.items()
        for wanted in every
        if not any(wanted in cell for row in lists.get(kind, []) for cell in row)
    ]
