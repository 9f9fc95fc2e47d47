"""What services tell each other, without knowing each other: typed functions filled at start by whoever can answer.

An absent service answers « unknown » (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Presence = Literal["present", "absent", "telework"]


@dataclass(frozen=True)
class LeaveBalance:
    """What is left of one counter, in half-days."""

    label: str
    half_days: int


@dataclass(frozen=True)
class PayMonth:
    """What the slips of a month say, where their lines are known and add up."""

    month: date
    gross: Decimal
    net_before_tax: Decimal
    net: Decimal
    transport: Decimal


PayOf = Callable[[int, date, date], list[PayMonth]]
PresenceOf = Callable[[Iterable[int], date, date], dict[int, dict[date, Presence]]]
HolidaysOf = Callable[[date, date], set[date]]
BalancesOf = Callable[[int, date], list[LeaveBalance]]


@dataclass
class _Ports:
    """Who answers; filled once, at start."""

    presence: PresenceOf | None = None
    balances: BalancesOf | None = None
    pay: PayOf | None = None
    listeners: list[Callable[[], None]] = field(default_factory=list)
    holidays: HolidaysOf | None = None


_ports = _Ports()


def fill_presence(function: PresenceOf) -> None:
    """Declares who can tell the presence of agents."""
    _ports.presence = function


def presence(agents: Iterable[int], first: date, last: date) -> dict[int, dict[date, Presence]] | None:
    """The presence of agents (by id) on each day of a period, or None when nobody can tell."""
    return _ports.presence(agents, first, last) if _ports.presence else None


def fill_leave_balances(function: BalancesOf) -> None:
    """Declares who can tell the leave balances of an agent."""
    _ports.balances = function


def leave_balances(agent: int, day: date) -> list[LeaveBalance] | None:
    """The leave balances of an agent (by id) on a day, or None when nobody can tell."""
    return _ports.balances(agent, day) if _ports.balances else None


def fill_pay_lines(function: PayOf) -> None:
    """Declares who can tell the pay of an agent."""
    _ports.pay = function


def pay_lines(agent: int, first: date, last: date) -> list[PayMonth] | None:
    """The known pay of some months, or None when nobody can tell; a doubtful month is left out."""
    return _ports.pay(agent, first, last) if _ports.pay else None


def when_people_change(function: Callable[[], None]) -> None:
    """Declares who wants to know that agents, units or assignments were changed in number."""
    _ports.listeners.append(function)


def people_changed() -> None:
    """Tells those who asked, in the transaction of the change."""
    for listener in _ports.listeners:
        listener()


def fill_holidays(function: HolidaysOf) -> None:
    """Declares who can tell the public holidays of the organisation."""
    _ports.holidays = function


def public_holidays(first: date, last: date) -> set[date] | None:
    """The public holidays from a day to another, both included, or None when nobody can tell."""
    return _ports.holidays(first, last) if _ports.holidays else None
