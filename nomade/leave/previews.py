"""What a request will cost, shown before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.advice import advice_on
from nomade.leave.details import Advice, exception_in, minutes_in
from nomade.leave.facts import BalanceChange, assess, current_law, pots_of, timetables
from nomade.leave.models import LeaveRequest, LeaveType, Unit
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Period
from nomade.leave.staffing import Teams, presence_warnings, reserved_days
from nomade.leave.wording import FreeDays, free_days, period_phrase, refusal_of
from nomade.people.models import Agent
from nomade.people.ports import commitments

TO_CHOOSE = 2


@dataclass(frozen=True)
class Wish:
    """What an agent has typed so far: enough to count, to advise, to send."""

    leave_type: LeaveType
    period: Period
    minutes: int | None = None
    counters: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    replacement: Agent | None = None


@dataclass(frozen=True)
class Preview:
    """The count and its reasons, the balance before and after, and what would stop the request."""

    leave_type: LeaveType
    when: str
    half_days: int
    minutes: int | None
    free: list[FreeDays]
    balances: tuple[BalanceChange, ...]
    refusals: list[Refusal]
    warnings: list[str]
    advice: Advice
    choices: list[tuple[str, str, int, bool]]

    @property
    def in_minutes(self) -> bool:
        return self.leave_type.unit == Unit.MINUTE


def preview_of(agent: Agent, wish: Wish, *, entered: bool = False) -> Preview:
    """The preview of a valid form; the same rules as the sending. `entered`: somebody else types it."""
    leave_type, period = wish.leave_type, wish.period
    law = current_law()
    assessment = assess(
        agent,
        leave_type,
        period,
        law=law,
        regularised=entered,
        minutes=wish.minutes,
        exception=exception_in(leave_type, wish.details),
        counters=wish.counters,
    )
    judgement = assessment.judgement
    reserved = None if entered else reserved_days(agent, leave_type, period)
    advice = advice_on(leave_type, wish.details, period, law, today(), agent=agent, own=not entered)
    return Preview(
        leave_type=leave_type,
        when=period_phrase(period),
        half_days=judgement.count.half_days,
        minutes=wish.minutes if wish.minutes is not None else minutes_in(wish.details),
        free=free_days(judgement.count),
        balances=assessment.balances,
        refusals=[refusal_of(finding) for finding in judgement.findings]
        + ([reserved] if reserved else [])
        + advice.refusals,
        warnings=[refusal_of(finding).message for finding in judgement.warnings]
        + advice.warnings
        + _warnings(agent, wish),
        advice=advice,
        choices=_choices(agent, wish),
    )


def _choices(agent: Agent, wish: Wish) -> list[tuple[str, str, int, bool]]:
    """The counters one may choose among (code, label, left, chosen); nothing to choose from a single one."""
    if len(wish.leave_type.counters) < TO_CHOOSE:
        return []
    left: dict[str, tuple[str, int]] = {}
    for pot in pots_of(agent, wish.leave_type):
        if pot.left > 0 and pot.covers(wish.period.first_day):
            left[pot.code] = (pot.label, left.get(pot.code, ("", 0))[1] + pot.left)
    if len(left) < TO_CHOOSE:
        return []
    return [(code, label, rest, not wish.counters or code in wish.counters) for code, (label, rest) in left.items()]


def _warnings(agent: Agent, wish: Wish) -> list[str]:
    period = wish.period
    past = (
        [_("Le premier jour est passé : cette demande régularise une absence.")] if period.first_day < today() else []
    )
    held = [
        _("Vous êtes déjà attendu sur ces dates : %(what)s, %(when)s. Prévenez l’organisateur si vous maintenez.")
        % {"what": one.label, "when": period_phrase(Period(one.first_day, one.last_day))}
        for one in commitments([agent.pk], period.first_day, period.last_day)
    ]
    return past + held + presence_warnings(agent, period, wish.replacement)


def free_days_of(leave: LeaveRequest, teams: Teams | None = None) -> list[FreeDays]:
    """The days of a request that cost nothing, with their reasons, by the situation and the law of today.

    `teams` may have been read for the same days already.
    """
    period = leave.period
    if teams and teams.covers(leave):
        return free_days(count(period, teams.tables[leave.owner_id], teams.free_days))
    table = timetables([leave.owner_id], period.first_day, period.last_day).get(leave.owner_id, Timetable(()))
    return free_days(count(period, table, holidays_between(period.first_day, period.last_day, current_law())))
