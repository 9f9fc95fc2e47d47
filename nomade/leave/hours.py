"""The account of annualised hours of agents, read from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from nomade.kernel.clock import today
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import LeaveRequest, LedgerEntry
from nomade.leave.rules.annual import HoursAccount, account_of_hours
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.validity import YEAR_HOURS
from nomade.people.models import OUT_OF_SERVICE, Agent, Situation


def groups_by_slot(requests: Iterable[LeaveRequest]) -> dict[int, str]:
    """The group of the validated absence that holds each half-day."""
    return {
        slot: request.leave_type.group
        for request in requests
        if request.state == "approved"
        for slot in range(request.period.first_slot, request.period.last_slot + 1)
    }


def own_account(
    year: int, timetable: Timetable, holidays: Mapping[date, str], requests: Iterable[LeaveRequest], adjusted: int
) -> HoursAccount | None:
    """The account of one agent, from what their page has read already; None without annualised hours."""
    if not any(engagement.hours for engagement in timetable.engagements):
        return None
    absent = groups_by_slot(requests)
    return account_of_hours(timetable, holidays, absent, year=year, on=today(), adjusted=adjusted, law=current_law())


def annualised_on(day: date, agents: QuerySet[Agent] | None = None) -> QuerySet[Situation]:
    """The situations of a day that are in annualised hours."""
    found = Situation.objects.on(day).filter(cycle__annual_minutes__isnull=False).exclude(position__in=OUT_OF_SERVICE)
    return found if agents is None else found.filter(agent__in=agents.values("pk"))


def accounts_of(agents: Iterable[int], year: int, on: date | None = None) -> dict[int, HoursAccount]:
    """The accounts of many agents, in five queries."""
    ids = list(agents)
    first, last = date(year, 1, 1), date(year, 12, 31)
    law = current_law()
    tables = timetables(ids, first, last)
    holidays = holidays_between(first, last, law)
    requests: dict[int, list[LeaveRequest]] = defaultdict(list)
    for request in LeaveRequest.objects.approved().filter(owner__in=ids).touching(first, last).with_type():
        requests[request.owner_id].append(request)
    entries = LedgerEntry.objects.filter(counter__agent__in=ids, counter__code=YEAR_HOURS, counter__year=year)
    adjusted = dict(entries.values_list("counter__agent").annotate(Sum("half_days")))
    found = {}
    for agent in ids:
        account = account_of_hours(
            tables.get(agent, Timetable(())),
            holidays,
            groups_by_slot(requests[agent]),
            year=year,
            on=on or min(today(), last + timedelta(days=1)),
            adjusted=adjusted.get(agent, 0),
            law=law,
        )
        if account is not None:
            found[agent] = account
    return found
