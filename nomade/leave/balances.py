"""Balances, and how each was made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from nomade.cases.models import CaseState
from nomade.leave.models import EntryKind, LeaveRequest, LeaveType, LedgerEntry
from nomade.people.models import Agent
from nomade.people.ports import LeaveBalance


@dataclass(frozen=True)
class Movement:
    """A line of the ledger, as a page shows it."""

    date: date
    kind: str
    half_days: int
    reason: str
    request_id: uuid.UUID | None


@dataclass
class Balance:
    """A counter of a year, in half-days: what was opened, what is taken or asked, what is left, and each movement."""

    code: str
    label: str
    year: int
    right: int = 0
    approved: int = 0
    pending: int = 0
    left: int = 0
    movements: list[Movement] = field(default_factory=list)


def balances(agent: Agent, year: int, types: list[LeaveType]) -> list[Balance]:
    """The counters of an agent for a year, in the order of the types, in one query."""
    found: dict[str, Balance] = {}
    labels = {leave_type.counter: leave_type.short_label for leave_type in types}
    entries = LedgerEntry.objects.filter(counter__agent=agent, counter__year=year).order_by("date", "id")
    # Plain values: a page reads a hundred of them, and three models a line would take longer than the query.
    for code, state, day, kind, half_days, reason, request_id in entries.values_list(
        "counter__code", "request__state", "date", "kind", "half_days", "reason", "request_id"
    ):
        movement = Movement(day, kind, half_days, reason, request_id)
        balance = found.setdefault(code, Balance(code, labels.get(code, code), year))
        balance.movements.append(movement)
        balance.left += movement.half_days
        _sort(balance, movement, state)
    order = [leave_type.counter for leave_type in types]
    return sorted(found.values(), key=lambda balance: (balance.code not in order, _place(order, balance.code)))


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def _sort(balance: Balance, entry: Movement, state: str | None) -> None:
    """What is asked, what is validated, or a part of the right; a cancelled request and its return weigh nothing."""
    if entry.kind not in (EntryKind.TAKEN, EntryKind.GIVEN_BACK):
        balance.right += entry.half_days
    elif state == CaseState.SUBMITTED:
        balance.pending -= entry.half_days
    else:
        balance.approved -= entry.half_days


def left_after(leaves: Iterable[LeaveRequest]) -> dict[uuid.UUID, list[tuple[str, int]]]:
    """What each request leaves on the counters it takes from (« CA 2026 », half-days), in one query."""
    found: dict[uuid.UUID, list[tuple[str, int]]] = {leave.pk: [] for leave in leaves}
    taken = LedgerEntry.objects.filter(request__in=found, kind=EntryKind.TAKEN).select_related("counter")
    for entry in taken.order_by("counter__year", "id"):
        line = (str(entry.counter), entry.counter.half_days)
        if entry.request_id and line not in found[entry.request_id]:
            found[entry.request_id].append(line)
    return found


def balances_of(agent_id: int, day: date) -> list[LeaveBalance]:
    """What other services may know of an agent's counters (port `leave_balances`)."""
    types = list(LeaveType.objects.on(day))
    agent = Agent.objects.get(pk=agent_id)
    return [LeaveBalance(balance.label, balance.left) for balance in balances(agent, day.year, types)]
