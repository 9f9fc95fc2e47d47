"""Who decides of a training, in how long, and what a refusal must say. No ORM, no clock, no settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from nomade.kernel.months import add_months

#: Answer to a request under the personal training account: two months (CGFP L.422-13, CRPA L.231-4).
CPF_MONTHS = 2
#: A same refusal a second time (plan, CGFP L.422-22) or a third time (personal account, L.422-13) needs the CAP first.
REFUSALS_BEFORE_OPINION = {"plan": 1, "cpf": 2}

Outcome = Literal["approved", "refused"]


@dataclass(frozen=True)
class CircuitRow:
    """A row of the table of circuits, as `models.Circuit`."""

    kind: str
    from_cost: Decimal
    from_hours: Decimal
    asks_supervisor: bool
    asks_office: bool
    promised_days: int


def circuit_of(kind: str, cost: Decimal, hours: Decimal, rows: Sequence[CircuitRow]) -> CircuitRow | None:
    """The row that asks most of a course: one of its kind before one of any, then the highest thresholds it reaches."""
    fitting = [row for row in rows if row.kind in {"", kind} and cost >= row.from_cost and hours >= row.from_hours]
    return max(fitting, key=lambda row: (row.kind == kind, row.from_cost, row.from_hours), default=None)


def needs_opinion(earlier: Sequence[Outcome], *, account: Literal["plan", "cpf"]) -> bool:
    """Whether one more refusal of the same nature needs the opinion of the CAP (or CCP) first.

    `earlier` are the decisions on that nature of training, the oldest first; an acceptance starts the count again.
    """
    in_a_row = 0
    for outcome in reversed(earlier):
        if outcome == "approved":
            break
        in_a_row += 1
    return in_a_row >= REFUSALS_BEFORE_OPINION[account]


def answer_before(day: date, row: CircuitRow, *, is_account: bool) -> date:
    """The last day to answer a request: what its circuit promises; for the personal account the two months of the law,
    or sooner where a row of that kind says so.
    """
    promised = day + timedelta(days=row.promised_days)
    if not is_account:
        return promised
    limit = add_months(day, CPF_MONTHS)
    return min(promised, limit) if row.kind == "cpf" else limit
