"""From a read statement to the figures of a bar, and from twelve months to the figures of a chart. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from nomade.payslips.statement import Statement, amount

ZERO = Decimal(0)
CHART_WIDTH, CHART_HEIGHT, CHART_FOOT = 720, 240, 32


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the gross pay, drawn in a tone and said in words."""

    label: str
    amount: Decimal
    tone: str


def gross_to_net(statement: Statement) -> list[Share]:
    """Where the gross pay goes, or nothing when the parts do not make the whole to the cent."""
    totals = dict(statement.totals)
    gross, net = amount(statement.gross), amount(statement.net)
    contributions = amount(statement.contributions)
    before = amount(totals.get("Net à payer avant impôt sur le revenu", ""))
    if gross is None or net is None or contributions is None or before is None:
        return []
    paid, tax = abs(contributions), before - net
    refunds = before - gross + paid
    if refunds < 0 or net < refunds:
        return []
    shares = [
        Share("Net payé, hors remboursements", net - refunds, "brand"),
        Share("Impôt prélevé à la source", tax, "warning"),
        Share("Cotisations et contributions", paid, "soft"),
    ]
    return [share for share in shares if share.amount] if sum(share.amount for share in shares) == gross else []


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart: its figure, and where it is drawn. `net` None: no slip, or one that does not tell."""

    month: date
    net: Decimal | None
    x: int
    y: int
    width: int
    height: int


def last_months(until: date, count: int = 12) -> list[date]:
    """The months that end with `until`, oldest first."""
    months = [until.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def bars(months: Sequence[date], nets: Mapping[date, Decimal]) -> list[Bar]:
    """The chart's bars, from zero: a bar half as high is a pay half as large."""
    top = max(nets.values(), default=ZERO)
    step = CHART_WIDTH // max(len(months), 1)
    room = CHART_HEIGHT - CHART_FOOT
    drawn = []
    for rank, month in enumerate(months):
        net = nets.get(month)
        height = int(max(net or ZERO, ZERO) / top * (room - 24)) if top > 0 else 0
        drawn.append(Bar(month, net, rank * step + 8, room - height, step - 16, height))
    return drawn
