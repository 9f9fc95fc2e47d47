"""Leave for tests, made by the real actions."""

from __future__ import annotations

from datetime import date, timedelta

from nomade.kernel.clock import today
from nomade.leave.actions import submit_leave
from nomade.leave.models import LeaveRequest, LeaveType
from nomade.leave.opening import open_year
from nomade.leave.rules.periods import Half, Period
from nomade.people.models import Agent


def open_rights(*agents: Agent) -> None:
    """Opens this year and the next for some agents."""
    year = today().year
    open_year(year, agents)
    open_year(year + 1, agents)


def next_monday(weeks: int = 1) -> date:
    """A Monday to come, `weeks` weeks from now."""
    day = today()
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def week_of(monday: date, days: int = 5) -> Period:
    """A period of some days from a Monday."""
    return Period(monday, monday + timedelta(days=days - 1))


def leave_type(code: str = "CA") -> LeaveType:
    return LeaveType.objects.on(today()).get(code=code)


def ask_leave(agent: Agent, period: Period | None = None, code: str = "CA") -> LeaveRequest:
    """A request sent by an agent whose rights are open."""
    return submit_leave(agent, leave_type(code), period or week_of(next_monday(2), 1))


def half_day(day: date, half: Half) -> Period:
    return Period(day, day, half, half)
