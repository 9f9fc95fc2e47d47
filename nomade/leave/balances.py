"""Balances, and how each was made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.compiled import Compiled, within
from nomade.leave.models import (
    Counter,
    CounterKind,
    EntryKind,
    LeaveRequest,
    LedgerEntry,
    Mode,
    Unit,
)
from nomade.leave.opening import rights_to_open
from nomade.leave.rules.validity import NO_YEAR, YEAR_HOURS
from nomade.leave.wording import day_phrase
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
    source: str = ""


@dataclass
class Balance:
    """A counter of a year, in half-days: what was opened, what is taken or asked, what is left, and each movement.

    `expires_on` is the last day on which it may be used; `as_of` the day of the balance when a time system gives it.
    """

    code: str
    label: str
    year: int
    right: int = 0
    approved: int = 0
    pending: int = 0
    left: int = 0
    movements: list[Movement] = field(default_factory=list)
    counter_id: int = 0
    expires_on: date | None = None
    as_of: date | None = None
    help: str = ""
    in_minutes: bool = False
    fed: bool = False


# What a line of the ledger is read as, then its counter and the kind of it.
LINE = ("date", "kind", "half_days", "reason", "request_id", "source", "request__state")
OF_COUNTER = ("counter_id", "counter__code", "counter__year", "counter__expires_on", "counter__as_of")
OF_KIND = ("short_label", "help", "unit", "mode")


def _lines(agent: int, year: int, first: date, last: date) -> QuerySet[LedgerEntry, Any]:
    kinds = CounterKind.objects.filter(code=OuterRef("counter__code"))
    still_good = Q(counter__usable_from__lte=last) & (
        Q(counter__expires_on__isnull=True) | Q(counter__expires_on__gte=first)
    )
    # The deviations from a plan of annualised hours are of their year alone, and are no days that one may take.
    still_good &= ~Q(counter__code=YEAR_HOURS)
    entries = (
        LedgerEntry.objects.filter(
            Q(counter__year=year) | (still_good & ~Q(counter__half_days=0)), counter__agent=agent
        )
        .annotate(
            kind_order=Subquery(kinds.values("order")[:1]),
            **{f"kind_{name}": Subquery(kinds.values(name)[:1]) for name in OF_KIND},
        )
        .order_by("kind_order", "counter__year", "date", "id")
    )
    # Plain values: a page reads a hundred of them, and three models a line would take longer than the query.
    return entries.values_list(*LINE, *OF_COUNTER, *(f"kind_{name}" for name in OF_KIND))


_LINES: Compiled[Any] = Compiled(_lines)


def balances(agent: Agent, year: int) -> list[Balance]:
    """The counters of an agent that may be used in a year, with all their movements, in one query.

    Those of the year, those without a year (CET), and what is left of earlier years and still good. The order is that
    of the kinds of counters.
    """
    return [balance for balance in balances_and_hours(agent, year) if balance.code != YEAR_HOURS]


def balances_and_hours(agent: Agent, year: int) -> list[Balance]:
    """The same, with the deviations from the plan of annualised hours, which are no balance to use."""
    found: dict[int, Balance] = {}
    lines = _LINES.rows(agent=agent.pk, year=year, first=date(year, 1, 1), last=date(year, 12, 31))
    for *line, state, counter, code, of, expires_on, as_of, label, words, unit, mode in lines:
        movement = Movement(*line)
        balance = found.get(counter)
        if balance is None:
            balance = found[counter] = Balance(
                code,
                _label(label or code, of, year),
                of,
                counter_id=counter,
                expires_on=expires_on,
                as_of=as_of,
                help=words or "",
                in_minutes=unit == Unit.MINUTE,
                fed=mode == Mode.FED,
            )
        balance.movements.append(movement)
        balance.left += movement.half_days
        _sort(balance, movement, state)
    return list(found.values())


def _label(label: str, of: int, year: int) -> str:
    """« RTT », « RTT 2025 » for what is left of another year."""
    return label if of in (year, NO_YEAR) else f"{label} {of}"


def _sort(balance: Balance, entry: Movement, state: str | None) -> None:
    """What is asked, what is validated, or a part of the right; a cancelled request and its return weigh nothing."""
    if entry.kind not in (EntryKind.TAKEN, EntryKind.GIVEN_BACK):
        balance.right += entry.half_days
    elif state == CaseState.SUBMITTED:
        balance.pending -= entry.half_days
    else:
        balance.approved -= entry.half_days


_TAKEN: Compiled[LedgerEntry] = Compiled(
    lambda requests: (
        LedgerEntry.objects.filter(request__in=within(requests, "uuid"), kind=EntryKind.TAKEN)
        .select_related("counter")
        .order_by("counter__year", "id")
    )
)


def left_after(leaves: Iterable[LeaveRequest]) -> dict[uuid.UUID, list[tuple[str, int]]]:
    """What each request leaves on the counters it takes from (« CA 2026 », half-days), in one query."""
    found: dict[uuid.UUID, list[tuple[str, int]]] = {leave.pk: [] for leave in leaves}
    if not found:
        return found
    for entry in _TAKEN.rows(requests=list(found)):
        line = (str(entry.counter), entry.counter.half_days)
        if entry.request_id and line not in found[entry.request_id]:
            found[entry.request_id].append(line)
    return found


def balances_of(agent_id: int, day: date) -> list[LeaveBalance]:
    """What other services may know of an agent's counters (port `leave_balances`)."""
    agent = Agent.objects.get(pk=agent_id)
    return [LeaveBalance(balance.label, balance.left) for balance in balances(agent, day.year)]


@dataclass(frozen=True)
class Outlook:
    """A counter on a day to come: what is left now, what will have opened, what will have been lost by then.

    Absences asked or validated until then are already out of `left`.
    """

    code: str
    label: str
    year: int
    left: int
    to_open: int
    lost: int
    expires_on: date | None
    why: str
    in_minutes: bool = False

    @property
    def then(self) -> int:
        return self.left + self.to_open - self.lost


def outlook(agent: Agent, day: date) -> list[Outlook]:
    """The balance of each counter on any future day, in half-days."""
    kinds = {kind.code: kind for kind in CounterKind.objects.all()}
    found = []
    for counter in Counter.objects.filter(agent=agent, usable_from__lte=day).exclude(code=YEAR_HOURS).order_by("year"):
        gone = counter.expires_on is not None and counter.expires_on < day
        if not counter.half_days and (gone or counter.year != day.year):
            continue
        why = ""
        if counter.expires_on is not None:
            why = _("à prendre jusqu’au %(day)s") % {"day": day_phrase(counter.expires_on)}
        label = kinds[counter.code].short_label if counter.code in kinds else counter.code
        lost = counter.half_days if gone else 0
        in_minutes = counter.code in kinds and kinds[counter.code].unit == Unit.MINUTE
        found.append(
            Outlook(counter.code, label, counter.year, counter.half_days, 0, lost, counter.expires_on, why, in_minutes)
        )
    known = {(line.code, line.year) for line in found}
    for code, right in rights_to_open(agent, day.year).items():
        if (code, day.year) not in known:
            label = kinds[code].short_label if code in kinds else code
            found.append(Outlook(code, label, day.year, 0, right.half_days, 0, right.expires_on, right.reason))
    order = {code: kind.order for code, kind in kinds.items()}
    return sorted(found, key=lambda line: (order.get(line.code, len(order)), line.year))
