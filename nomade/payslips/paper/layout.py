"""Where each thing stands on the demo slip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nomade.payslips.paper.canvas import BRAND, PAGE_WIDTH, SOFT, Canvas
from nomade.payslips.paper.fonts import faces

LEFT, RIGHT = 40.0, PAGE_WIDTH - 40.0
WIDTH = RIGHT - LEFT
PANEL_WIDTH = 318.0
# Right edges of the five figure columns of the table of lines.
COLUMNS = (RIGHT - 236, RIGHT - 187, RIGHT - 117, RIGHT - 68, RIGHT - 5)
FOOT = 806.0
ROW, SECTION_GAP = 12.4, 3.6


def draw_slip(data: dict[str, Any]) -> Iterator[bytes]:
    """The content stream of each page of a slip."""
    page = Canvas(*faces())
    _head(page, data)
    y = _identity(page, data, 92)
    y = _lines(page, data, y + 18)
    y = _totals(page, data, y + 16)
    _year(page, data, y + 14)
    _foot(page, data, 1)
    yield page.content()
    if data["annex"]:
        yield _annex(data)


def _head(page: Canvas, data: dict[str, Any]) -> None:
    employer = data["employer"]
    page.text(LEFT, 50, employer["name"], size=13, bold=True, colour=BRAND)
    page.text(LEFT, 62, employer["address"], size=7.5, colour=SOFT)
    page.text(LEFT, 72, f"SIRET {employer['siret']}   APE {employer['ape']}", size=7.5, colour=SOFT)
    _ending(page, 52, "Bulletin de paie", 16, bold=True)
    _ending(page, 67, data["month"], 11)
    period = f"Période {data['period']} du {data['first_day']} au {data['last_day']}"
    _ending(page, 79, period, 7.5, soft=True)


def _ending(page: Canvas, y: float, text: str, size: float, *, bold: bool = False, soft: bool = False) -> None:
    face = page.bold if bold else page.regular
    start = RIGHT - face.width(text, size)
    if soft:
        page.text(start, y, text, size=size, bold=bold, colour=SOFT)
    else:
        page.text(start, y, text, size=size, bold=bold)


def _identity(page: Canvas, data: dict[str, Any], top: float) -> float:
    """The panel of the agent and the address window; returns the ordinate of the bottom."""
    middle, right = LEFT + 214, LEFT + 266
    drawn = Canvas(page.regular, page.bold)
    y = top + 16
    for (term, value), (other, short) in data["identity"]:
        drawn.text(LEFT + 10, y, term, size=7.5, colour=SOFT)
        last = drawn.wrapped(LEFT + 68, y, value, middle - LEFT - 76)
        drawn.text(middle, y, other, size=7.5, colour=SOFT)
        drawn.text(right, y, short)
        y = last + 13.5
    bottom = y - 3
    page.panel(LEFT, top, PANEL_WIDTH, bottom - top)
    page.append(drawn)
    for rank, line in enumerate(data["recipient"]):
        page.text(LEFT + PANEL_WIDTH + 24, top + 16 + 13 * rank, line, size=9.5)
    return bottom


def _lines(page: Canvas, data: dict[str, Any], y: float) -> float:
    page.rule(LEFT, y - 9, WIDTH, thickness=0.8, colour=BRAND)
    page.text(LEFT + 5, y, "Rubrique", size=7.5, colour=SOFT)
    for edge, title in zip(COLUMNS, ("Base", "Taux", "Agent (€)", "Taux", "Employeur (€)"), strict=True):
        page.text_right(edge, y, title, size=7.5, colour=SOFT)
    page.rule(LEFT, y + 4, WIDTH)
    y += 4
    for row in data["rows"]:
        y += ROW
        match row["kind"]:
            case "section":
                y += SECTION_GAP
                page.text(LEFT + 5, y, row["label"], bold=True, colour=BRAND)
            case "total":
                page.rule(LEFT, y - 8.6, WIDTH)
                page.text(LEFT + 5, y, row["label"], bold=True)
                page.text_right(COLUMNS[2], y, row["amount"], bold=True)
                page.text_right(COLUMNS[4], y, row["employer"], bold=True)
            case _:
                _line(page, row, y)
    page.rule(LEFT, y + 5, WIDTH, thickness=0.8, colour=BRAND)
    return y + 5


def _line(page: Canvas, row: dict[str, str], y: float) -> None:
    end = page.text(LEFT + 5, y, row["label"])
    if row["detail"]:
        page.text(end + 5, y, row["detail"], size=7.5, colour=SOFT)
    figures = (row["base"], row["rate"], row["amount"], row["employer_rate"], row["employer"])
    for edge, figure in zip(COLUMNS, figures, strict=True):
        page.text_right(edge, y, figure)


def _totals(page: Canvas, data: dict[str, Any], y: float) -> float:
    edge = LEFT + 312
    page.panel(edge + 18, y - 10, RIGHT - edge - 18, 50, radius=5)
    for rank, (label, amount) in enumerate(data["totals"]):
        page.text(LEFT + 5, y + 13.6 * rank, label)
        page.text_right(edge, y + 13.6 * rank, amount)
    page.text(edge + 30, y + 13, "Net payé", size=11, bold=True)
    page.text_right(RIGHT - 12, y + 14, f"{data['net_paid']} €", size=16, bold=True, colour=BRAND)
    page.text(edge + 30, y + 29, f"Payé le {data['paid_on']} par virement", size=7.5, colour=SOFT)
    return y + 13.6 * len(data["totals"])


def _year(page: Canvas, data: dict[str, Any], y: float) -> None:
    page.rule(LEFT, y - 10, WIDTH)
    page.text(LEFT + 5, y, f"Cumuls {data['year_label']}", size=7.5, colour=SOFT)
    step = (WIDTH - 75) / len(data["year"])
    edges = [LEFT + 70 + step * (rank + 1) for rank in range(len(data["year"]))]
    for edge, (label, _amount) in zip(edges, data["year"], strict=True):
        page.text_right(edge, y, label, size=7.5, colour=SOFT)
    for edge, (_label, amount) in zip(edges, data["year"], strict=True):
        page.text_right(edge, y + 13, amount)
    page.rule(LEFT, y + 18, WIDTH)


def _foot(page: Canvas, data: dict[str, Any], number: int) -> None:
    page.text(LEFT, FOOT, "Conservez ce bulletin sans limitation de durée.", size=7.5, colour=SOFT)
    page.text(LEFT, FOOT + 10, data["notice"], size=7.5, colour=SOFT)
    mark = f"Matricule {data['matricule']}   Période {data['period']}   page {number} / {data['pages']}"
    _ending(page, FOOT + 10, mark, 7.5, soft=True)


def _annex(data: dict[str, Any]) -> bytes:
    page = Canvas(*faces())
    page.text(LEFT, 56, "Annexe : votre paie depuis janvier", size=13, bold=True, colour=BRAND)
    page.text(LEFT, 70, data["name"], colour=SOFT)
    y = 100.0
    edges = [LEFT + 140 + (WIDTH - 145) / 5 * (rank + 1) for rank in range(5)]
    page.rule(LEFT, y - 10, WIDTH, thickness=0.8, colour=BRAND)
    page.text(LEFT + 5, y, "Mois", size=7.5, colour=SOFT)
    for edge, title in zip(edges, ("Brut", "Cotisations", "Net imposable", "Impôt", "Net versé"), strict=True):
        page.text_right(edge, y, title, size=7.5, colour=SOFT)
    page.rule(LEFT, y + 4, WIDTH)
    y += 4
    for month, *amounts in data["annex"]:
        y += 14
        page.text(LEFT + 5, y, month)
        for edge, amount in zip(edges, amounts, strict=True):
            page.text_right(edge, y, amount)
    page.rule(LEFT, y + 6, WIDTH, thickness=0.8, colour=BRAND)
    _foot(page, data, 2)
    return page.content()
