"""What a request will cost, shown before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.facts import BalanceChange, assess, current_law, timetables
from nomade.leave.models import LeaveRequest, LeaveType
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Period
from nomade.leave.staffing import presence_warnings, reserved_days
from nomade.leave.wording import FreeDays, free_days, period_phrase, refusal_of
from nomade.people.models import Agent


@dataclass(frozen=True)
class Preview:
    """The count and its reasons, the balance before and after, and what would stop the request."""

    leave_type: LeaveType
    when: str
    half_days: int
    free: list[FreeDays]
    balances: tuple[BalanceChange, ...]
    refusals: list[Refusal]
    warnings: list[str]


def preview_of(agent: Agent, leave_type: LeaveType, period: Period, *, entered: bool = False) -> Preview:
    """The preview of a valid form; the same rules as the sending. `entered`: somebody else types it."""
    assessment = assess(agent, leave_type, period, regularised=entered)
    judgement = assessment.judgement
    reserved = None if entered else reserved_days(agent, leave_type, period)
    return Preview(
        leave_type=leave_type,
        when=period_phrase(period),
        half_days=judgement.count.half_days,
        free=free_days(judgement.count),
        balances=assessment.balances,
        refusals=[refusal_of(finding) for finding in judgement.findings] + ([reserved] if reserved else []),
        warnings=[refusal_of(finding).message for finding in judgement.warnings] + _warnings(agent, period),
    )


def _warnings(agent: Agent, period: Period) -> list[str]:
    past = (
        [_("Le premier jour est passé : cette demande régularise une absence.")] if period.first_day < today() else []
    )
    return past + presence_warnings(agent, period)


def free_days_of(leave: LeaveRequest) -> list[FreeDays]:
    """The days of a request that cost nothing, with their reasons, by the situation and the law of today."""
    period = leave.period
    table = timetables([leave.owner_id], period.first_day, period.last_day).get(leave.owner_id, Timetable(()))
    return free_days(count(period, table, holidays_between(period.first_day, period.last_day, current_law())))
