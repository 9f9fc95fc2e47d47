"""What other services need to know of absences, and what holds agents that is no absence: the ports, both ways.

No reason ever goes out of here (domain § 7.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from nomade.cases.models import CaseState
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import Group, LeaveRequest
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Half, Period
from nomade.people.models import Delegation
from nomade.people.ports import Commitment, PlannedAbsence, commitments

# How far the day of return is looked for.
RETURN_WITHIN = timedelta(days=35)


def commitments_by_slot(agents: Iterable[int], first: date, last: date) -> dict[int, dict[int, Commitment]]:
    """What holds each agent (by id), by half-day, as other services declare it."""
    found: dict[int, dict[int, Commitment]] = defaultdict(dict)
    for one in commitments(agents, first, last):
        period = Period(
            one.first_day,
            one.last_day,
            Half.AFTERNOON if one.from_noon else Half.MORNING,
            Half.MORNING if one.until_noon else Half.AFTERNOON,
        )
        for slot in range(period.first_slot, period.last_slot + 1):
            found[one.agent].setdefault(slot, one)
    return found


def absences_of(agents: Iterable[int], first: date, last: date) -> list[PlannedAbsence]:
    """The absences of agents on a period (port `absences`), with who decides in their place, in four queries."""
    living = LeaveRequest.objects.living().filter(owner__in=list(agents)).touching(first, last)
    requests = list(living.with_type().order_by("first_slot"))
    if not requests:
        return []
    owners = {leave.owner_id for leave in requests}
    start, end = min(leave.last_day for leave in requests), max(leave.last_day for leave in requests) + RETURN_WITHIN
    tables, holidays = timetables(owners, start, end), holidays_between(start, end, current_law())
    given = list(
        Delegation.objects.filter(giver__in=owners, valid_from__lte=end, valid_to__gte=first).order_by("valid_from")
    )
    return [
        PlannedAbsence(
            agent=leave.owner_id,
            first_day=leave.first_day,
            last_day=leave.last_day,
            approved=leave.state == CaseState.APPROVED,
            telework=leave.leave_type.group == Group.TELEWORK,
            from_noon=leave.first_half == Half.AFTERNOON,
            until_noon=leave.last_half == Half.MORNING,
            back_on=_back_on(leave, tables.get(leave.owner_id, Timetable(())), holidays),
            substitute=next((one.receiver_id for one in given if _stands_in(one, leave)), None),
        )
        for leave in requests
    ]


def _stands_in(one: Delegation, leave: LeaveRequest) -> bool:
    return one.giver_id == leave.owner_id and one.valid_from <= leave.first_day <= one.valid_to


def _back_on(leave: LeaveRequest, table: Timetable, holidays: Iterable[date]) -> date | None:
    """The first half-day of work after an absence; None when the cycle of those days is not known."""
    if leave.last_half == Half.MORNING and Half.AFTERNOON in (table.halves_worked(leave.last_day) or ()):
        return leave.last_day
    for ahead in range(1, RETURN_WITHIN.days):
        day = leave.last_day + timedelta(days=ahead)
        if table.halves_worked(day) and (day not in holidays or table.works_on_holidays(day)):
            return day
    return None
