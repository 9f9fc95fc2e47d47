"""Leave for tests, made by the real actions."""

from __future__ import annotations

from datetime import date, timedelta

from nomade.kernel.clock import today
from nomade.leave.actions import submit_leave
from nomade.leave.models import LeaveRequest, LeaveType
from nomade.leave.opening import open_year
from nomade.leave.rules.holidays import easter_sunday
from nomade.leave.rules.periods import Half, Period
from nomade.people.models import Agent


def open_rights(*agents: Agent) -> None:
    """Opens this year and the next for some agents."""
    year = today().year
    open_year(year, agents)
    open_year(year + 1, agents)


HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def next_monday(weeks: int = 1) -> date:
    """A Monday to come, `weeks` weeks from now; later when a public holiday would change what these weeks cost."""
    monday = today() - timedelta(days=today().weekday())
    while weeks > 0 and any(_is_off(monday + timedelta(weeks=1, days=ahead)) for ahead in range(19)):
        monday += timedelta(weeks=1)
    return monday + timedelta(weeks=weeks)


def _is_off(day: date) -> bool:
    """Whether France does not work on that day, without asking the base: tests choose their days as they are read."""
    moving = {easter_sunday(day.year) + timedelta(days=after) for after in (1, 39, 50)}
    return (day.month, day.day) in HOLIDAYS or day in moving


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
