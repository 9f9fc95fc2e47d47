"""The text of a slip as its twin for those who cannot read a picture.

A payroll layout that we know is read line by line, and shown so only when its lines add up to its totals: a misread
amount is worse than none. Any other slip is given as the plain rows of its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from nomade.files.drawing import Segment, rows_of
from nomade.payslips.paper.layout import COLUMNS, LEFT

COLUMN_REACH = 9.0
_AMOUNT = re.compile(r"[−-]?\d{1,3}(?: ?\d{3})*,\d\d")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line: figures as printed, empty where the slip has none."""

    label: str
    base: str = ""
    rate: str = ""
    amount: str = ""
    employer_rate: str = ""
    employer: str = ""


@dataclass(slots=True)
class StatementSection:
    """A block of lines, and the total printed under it when there is one."""

    title: str
    lines: list[StatementLine] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """A slip of a known layout."""

    identity: list[tuple[str, str]] = field(default_factory=list)
    sections: list[StatementSection] = field(default_factory=list)
    gross: str = ""
    contributions: str = ""
    employer: str = ""
    totals: list[tuple[str, str]] = field(default_factory=list)
    net: str = ""
    year: list[tuple[str, str]] = field(default_factory=list)


Row = list[Segment]


def text_rows(segments: list[Segment]) -> list[list[str]]:
    """The pieces of text by rows, top to bottom, left to right."""
    return [[piece.text for piece in row] for row in rows_of(segments)]


def read_statement(segments: list[Segment]) -> Statement | None:
    """The lines of a slip whose layout a declared reader knows, or None."""
    found = (read(segments) for read in READERS)
    return next((statement for statement in found if statement is not None), None)


def _read_demo(segments: list[Segment]) -> Statement | None:
    """The lines of a slip of the demo payroll, or None when it is another layout or does not add up."""
    rows = list(rows_of(segments))
    starts = [row[0].text for row in rows]
    try:
        head, tail = starts.index("Rubrique"), starts.index("Montant net social")
        year = next(rank for rank, text in enumerate(starts) if text.startswith("Cumuls "))
    except (ValueError, StopIteration):
        return None
    statement = Statement()
    statement.identity = list(_identity(rows[:head]))
    _read_lines(rows[head + 1 : tail], statement)
    _read_totals(rows[tail:year], statement)
    statement.year = list(_year(rows[year : year + 2]))
    return statement if _adds_up(statement) else None


def _identity(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Pairs of the agent's panel: terms start at one of two edges, values follow them."""
    edges = (LEFT + 10, LEFT + 214)
    limit = LEFT + 318
    pairs: list[list[str]] = []
    for row in rows:
        for piece in row:
            if piece.x > limit:
                continue
            if any(abs(piece.x - edge) < 3 for edge in edges):
                pairs.append([piece.text, ""])
            elif pairs and piece.x > edges[0] + 20:
                # A wrapped value continues the last term of the left column.
                wanted = pairs[-1] if not pairs[-1][1] else next(p for p in reversed(pairs) if p[0] in _LONG)
                wanted[1] = f"{wanted[1]} {piece.text}".strip()
    yield from ((term, value) for term, value in pairs if value)


_LONG = ("Agent", "Grade", "Statut", "Service")


def _read_lines(rows: list[Row], statement: Statement) -> None:
    for row in rows:
        labels = [piece.text for piece in row if _column(piece) is None]
        figures = {_column(piece): piece.text for piece in row if _column(piece) is not None}
        label = " · ".join(labels)
        if label == "Rémunération brute totale":
            statement.gross = figures.get(2, "")
        elif label == "Total des cotisations et contributions":
            statement.contributions, statement.employer = figures.get(2, ""), figures.get(4, "")
        elif not figures:
            statement.sections.append(StatementSection(label))
        elif statement.sections:
            line = StatementLine(label, *(figures.get(rank, "") for rank in range(5)))
            statement.sections[-1].lines.append(line)


def _column(piece: Segment) -> int | None:
    """Which of the five figure columns a piece ends in, or None for words."""
    if not _AMOUNT.match(piece.text.replace("\u00a0", " ")):
        return None
    return next((rank for rank, edge in enumerate(COLUMNS) if abs(piece.right - edge) < COLUMN_REACH), None)


def _read_totals(rows: list[Row], statement: Statement) -> None:
    for row in rows:
        texts = [piece.text for piece in row]
        if "Net payé" in texts:
            place = texts.index("Net payé")
            statement.net = texts[place + 1] if place + 1 < len(texts) else ""
            texts = texts[:place]
        if len(texts) >= 2 and _AMOUNT.match(texts[1].replace("\u00a0", " ")):
            statement.totals.append((texts[0], texts[1]))


def _year(rows: list[Row]) -> Iterator[tuple[str, str]]:
    if len(rows) == 2:
        yield from zip((piece.text for piece in rows[0][1:]), (piece.text for piece in rows[1]), strict=False)


def _adds_up(statement: Statement) -> bool:
    """Whether what was read makes the totals, to the cent."""
    totals = dict(statement.totals)
    before = amount(totals.get("Net à payer avant impôt sur le revenu", ""))
    tax = next((amount(text) for label, text in statement.totals if label.startswith("Impôt")), None)
    net = amount(statement.net)
    if before is None or tax is None or net is None or not statement.sections:
        return False
    lines = [amount(line.amount) or Decimal(0) for section in statement.sections for line in section.lines]
    return sum(lines, Decimal(0)) == before and before + tax == net


def amount(text: str) -> Decimal | None:
    """An amount as printed, or None."""
    match = _AMOUNT.match(text.replace("\u00a0", " "))
    return Decimal(match.group().replace(" ", "").replace("−", "-").replace(",", ".")) if match else None


Reader = Callable[[list[Segment]], Statement | None]
#: Each layout of a payroll that is read line by line: from the pieces of a slip's first page, its lines when they make
#: its net to the cent, else None.
READERS: tuple[Reader, ...] = (_read_demo,)
