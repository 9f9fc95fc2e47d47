"""The circuit that holds for a course, read from the table."""

from __future__ import annotations

from decimal import Decimal

from nomade.training.models import Circuit, Course
from nomade.training.rules.circuits import CircuitRow, circuit_of

#: When somebody emptied the table: nobody is enrolled without both.
_STRICTEST = CircuitRow("", Decimal(0), Decimal(0), asks_supervisor=True, asks_office=True, promised_days=15)


def circuit_for(course: Course) -> CircuitRow:
    """Who decides of a course, and in how many days."""
    return circuit_of_kind(course.kind, course.cost, course.hours)


def circuit_of_kind(kind: str, cost: Decimal, hours: Decimal) -> CircuitRow:
    """Who decides of a training of some kind, cost and length."""
    rows = [
        CircuitRow(row.kind, row.from_cost, row.from_hours, row.asks_supervisor, row.asks_office, row.promised_days)
        for row in Circuit.objects.all()
    ]
    return circuit_of(kind, cost, hours, rows) or _STRICTEST
