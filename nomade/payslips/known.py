"""What other services may know of somebody's pay: months whose every slip is read line by line and adds up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from nomade.files import drawing
from nomade.files.drawing import UnreadablePdf
from nomade.kernel.clock import now
from nomade.payslips.access import content_of, figures_of
from nomade.payslips.models import Payslip, month_of
from nomade.payslips.statement import Statement, amount, read_statement
from nomade.people.ports import PayMonth

ZERO = Decimal(0)


def pay_of(agent: int, first: date, last: date) -> list[PayMonth]:
    """The known months, oldest first. A month with one unreadable slip is left out rather than told short."""
    slips = (
        Payslip.objects.visible(now())
        .filter(agent_id=agent, period__gte=month_of(first), period__lte=month_of(last))
        .select_related("file")
        .order_by("period")
    )
    months: dict[date, list[PayMonth | None]] = {}
    for slip in slips:
        months.setdefault(slip.period, []).append(_read(slip))
    return [_total(month, [one for one in read if one]) for month, read in months.items() if None not in read]


def _read(slip: Payslip) -> PayMonth | None:
    try:
        statement = read_statement(drawing.segments(content_of(slip), 0))
    except UnreadablePdf:
        return None
    figures = None if statement else figures_of(slip)
    if figures is not None:
        statement = figures.as_statement()
    return _figures(slip.period, statement) if statement else None


def _figures(month: date, statement: Statement) -> PayMonth | None:
    totals = dict(statement.totals)
    gross, net = amount(statement.gross), amount(statement.net)
    before = amount(totals.get("Net à payer avant impôt sur le revenu", ""))
    if gross is None or net is None or before is None:
        return None
    lines = (line for section in statement.sections for line in section.lines)
    transport = sum((amount(line.amount) or ZERO for line in lines if "transport" in line.label.lower()), ZERO)
    return PayMonth(month, gross, before, net, transport)


def _total(month: date, parts: Iterable[PayMonth]) -> PayMonth:
    kept = list(parts)
    return PayMonth(
        month,
        sum((part.gross for part in kept), ZERO),
        sum((part.net_before_tax for part in kept), ZERO),
        sum((part.net for part in kept), ZERO),
        sum((part.transport for part in kept), ZERO),
    )
