"""The lines of a slip as the payroll's index gives them: kept only when they make the net, to the cent. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nomade.payslips.statement import Statement, StatementLine, StatementSection

ZERO = Decimal(0)
#: A column of the index that is a line of the slip: « rubrique IFSE ».
LINE = "rubrique "


@dataclass(frozen=True, slots=True)
class Figures:
    """What somebody earned in a month; lines below zero are held back."""

    gross: Decimal
    before: Decimal
    net: Decimal
    lines: tuple[tuple[str, Decimal], ...]

    def as_text(self) -> str:
        """To be sealed in place of the net alone."""
        lines = [[label, str(amount)] for label, amount in self.lines]
        told = {"gross": str(self.gross), "before": str(self.before), "net": str(self.net), "lines": lines}
        return json.dumps(told, ensure_ascii=False)

    def as_statement(self) -> Statement:
        """As a slip that was read: what is paid, then what is held back."""
        paid = [(label, amount) for label, amount in self.lines if amount >= 0]
        held = [(label, amount) for label, amount in self.lines if amount < 0]
        sections = [
            StatementSection(title, [StatementLine(label, amount=printed(amount)) for label, amount in lines])
            for title, lines in (("Rémunération et remboursements", paid), ("Cotisations et contributions", held))
            if lines
        ]
        return Statement(
            sections=sections,
            gross=printed(self.gross),
            contributions=printed(sum((amount for _label, amount in held), ZERO)),
            totals=[
                ("Net à payer avant impôt sur le revenu", printed(self.before)),
                ("Impôt prélevé à la source", printed(self.net - self.before)),
            ],
            net=f"{printed(self.net)} €",
        )


def figures_from(cells: Mapping[str, Decimal], labels: Mapping[str, str]) -> Figures | None:
    """The figures of one row of an index, or None when a part is missing or the lines do not make the net.

    `cells` are its amounts by column, `labels` the names of the columns that are lines.
    """
    if not {"brut", "net_avant_impot", "net"} <= cells.keys():
        return None
    lines = tuple((label, cells[column]) for column, label in labels.items() if cells.get(column))
    found = Figures(cells["brut"], cells["net_avant_impot"], cells["net"], lines)
    paid = sum((amount for _label, amount in lines if amount > 0), ZERO)
    makes_the_net = sum((amount for _label, amount in lines), ZERO) == found.before
    return found if makes_the_net and found.net <= found.before and found.gross <= paid else None


def figures_in(text: str) -> Figures | None:
    """What was sealed, or None when it is a net alone."""
    if not text.startswith("{"):
        return None
    told = json.loads(text)
    lines = tuple((label, Decimal(amount)) for label, amount in told["lines"])
    return Figures(Decimal(told["gross"]), Decimal(told["before"]), Decimal(told["net"]), lines)


def printed(amount: Decimal) -> str:
    """`−1 234,56`, as slips print it."""
    text = f"{abs(amount):,.2f}".replace(",", " ").replace(".", ",")
    return f"−{text}" if amount < 0 else text
