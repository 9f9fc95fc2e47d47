"""How many of a team would be there: what a decider compares, what an agent sees while choosing days.

Only numbers and names go out of here, never a reason of absence (domain § 7.1).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.kernel.errors import Refusal
from nomade.leave.engagements import commitments_by_slot
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import ForbiddenPeriod, Group, LeaveRequest, LeaveType, MinimumPresence
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Period, slot_of
from nomade.leave.rules.staffing import forbidden_by, minimum_on
from nomade.leave.wording import day_name, period_phrase, weekdays
from nomade.people.access import main_assignment
from nomade.people.models import Agent, Assignment
from nomade.people.ports import Commitment

# Absences that one chooses the days of.
OWN_CHOICE = (Group.ANNUAL, Group.RTT, Group.CET, Group.RECOVERY, Group.UNPAID)
NOBODY = Timetable(())
# Beyond, a decider reads the calendar of the team rather than a line a day.
LONGEST_SHOWN = timedelta(days=31)


@dataclass(frozen=True)
class DayStaff:
    """One working day of a request: who would be left, and the minimum of the team when it has one."""

    day: date
    present: int
    team: int
    minimum: int | None

    @property
    def letter(self) -> str:
        return weekdays()[self.day.weekday()][0]

    @property
    def short(self) -> bool:
        return self.minimum is not None and self.present < self.minimum


@dataclass(frozen=True)
class Staff:
    """What a decider compares for one request."""

    days: list[DayStaff]
    away: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)

    @property
    def short(self) -> list[DayStaff]:
        """The days on which validating would leave too few people."""
        return [day for day in self.days if day.short]


@dataclass
class Teams:
    """The units of some agents over a stretch of days, with all that counts who is there."""

    members: Mapping[int, list[Agent]]
    unit_of: Mapping[int, int]
    tables: Mapping[int, Timetable]
    free_days: Mapping[date, str]
    requests: Mapping[int, list[LeaveRequest]]
    minimums: Mapping[int, list[MinimumPresence]]
    paths: Mapping[int, str]
    held: Mapping[int, Mapping[int, Commitment]] = field(default_factory=dict)
    _taken: dict[int, frozenset[int]] = field(default_factory=dict)
    _days: dict[tuple[int, date], tuple[int, frozenset[int]]] = field(default_factory=dict)

    def units_above(self, agent: int) -> list[str]:
        """The paths of the unit of an agent and of those above it; nothing outside any unit."""
        codes = self.paths[self.unit_of[agent]].split("/") if agent in self.unit_of else []
        return ["/".join(codes[:depth]) for depth in range(1, len(codes) + 1)]

    def covers(self, leave: LeaveRequest) -> bool:
        """Whether every day of a request was read with them, for its owner."""
        return leave.owner_id in self.tables and leave.last_day <= leave.first_day + LONGEST_SHOWN

    def works(self, agent: int, day: date) -> bool:
        """Whether somebody would work that day if nobody were on leave."""
        table = self.tables.get(agent, NOBODY)
        if day in self.free_days and not table.works_on_holidays(day):
            return False
        return bool(table.halves_worked(day))

    def is_away(self, agent: int, day: date) -> bool:
        """Whether the validated absences of somebody, and what else holds them, cover all that they work that day."""
        if agent not in self.requests and agent not in self.held:
            return False
        worked = self.tables.get(agent, NOBODY).halves_worked(day) or frozenset()
        return all(slot_of(day, half) in self._slots(agent) for half in worked)

    def _slots(self, agent: int) -> frozenset[int]:
        if agent not in self._taken:
            self._taken[agent] = frozenset(
                slot
                for leave in self.requests.get(agent, ())
                if leave.state == CaseState.APPROVED and leave.leave_type.group != Group.TELEWORK
                for slot in range(leave.period.first_slot, leave.period.last_slot + 1)
            ) | frozenset(self.held.get(agent, ()))
        return self._taken[agent]

    def staff_on(self, unit: int, day: date, *, without: int | None = None) -> DayStaff:
        """Who is left in a unit on a day, without one more person when named."""
        expected, present = self._counted(unit, day)
        left = len(present) - (without in present)
        return DayStaff(day, left, expected, minimum_on(self.minimums.get(unit, ()), day))

    def _counted(self, unit: int, day: date) -> tuple[int, frozenset[int]]:
        """How many are expected in a unit on a day, and who is there; counted once, however many requests ask."""
        known = self._days.get((unit, day))
        if known is None:
            expected = [agent.pk for agent in self.members.get(unit, ()) if self.works(agent.pk, day)]
            present = frozenset(agent for agent in expected if not self.is_away(agent, day))
            known = self._days[unit, day] = (len(expected), present)
        return known


def _beside(agents: list[int], day: date, first: date, last: date) -> QuerySet[Assignment]:
    written = MinimumPresence.objects.touching(first, last).filter(unit=OuterRef("unit"))
    asked = ArraySubquery(written.values(told=JSONObject(people="people", since="valid_from", until="valid_to")))
    placed = Assignment.objects.on(day).filter(is_main=True)
    units = placed.filter(agent__in=within(agents, "bigint")).values("unit")
    beside: QuerySet[Assignment] = placed.filter(unit__in=units).select_related("agent", "unit")
    return beside.annotate(minimums=asked)


_BESIDE: Compiled[Assignment] = Compiled(_beside)
_ABSENCES: Compiled[LeaveRequest] = Compiled(
    lambda owners, first, last: (
        LeaveRequest.objects.living().filter(owner__in=within(owners, "bigint")).touching(first, last).with_type()
    )
)


def _minimum(people: int, since: str, until: str | None) -> MinimumPresence:
    """A minimum that came with the members of its unit."""
    ends = date.fromisoformat(until) if until else None
    return MinimumPresence(people=people, valid_from=date.fromisoformat(since), valid_to=ends)


def teams_of(agents: Iterable[int], first: date, last: date) -> Teams:
    """The teams of some agents, by their main unit of today, in four queries whatever their number."""
    day = today()
    unit_of: dict[int, int] = {}
    members: dict[int, list[Agent]] = defaultdict(list)
    paths: dict[int, str] = {}
    minimums: dict[int, list[MinimumPresence]] = {}
    for assignment in _BESIDE.rows(agents=list(agents) or [0], day=day, first=first, last=last):
        if assignment.agent.exit_date is None or assignment.agent.exit_date >= day:
            unit_of[assignment.agent_id] = assignment.unit_id
            members[assignment.unit_id].append(assignment.agent)
            paths[assignment.unit_id] = assignment.unit.path
            minimums[assignment.unit_id] = [_minimum(**told) for told in assignment.minimums]  # type: ignore[attr-defined]
    requests: dict[int, list[LeaveRequest]] = defaultdict(list)
    for leave in _ABSENCES.rows(owners=list(unit_of) or [0], first=first, last=last):
        requests[leave.owner_id].append(leave)
    tables, free_days = timetables(unit_of, first, last), holidays_between(first, last, current_law())
    held = commitments_by_slot(unit_of, first, last)
    return Teams(members, unit_of, tables, free_days, dict(requests), minimums, paths, held)


def teams_for(leaves: Sequence[LeaveRequest]) -> Teams:
    """The teams of those who ask, over the days of what they ask that a page shows."""
    first = min(leave.first_day for leave in leaves)
    last = max(min(leave.last_day, leave.first_day + LONGEST_SHOWN) for leave in leaves)
    return teams_of({leave.owner_id for leave in leaves}, first, last)


def staff_for(leaves: Sequence[LeaveRequest], teams: Teams | None = None) -> dict[uuid.UUID, Staff]:
    """For each request: its working days with who would be left, who is away already, who asks for the same days."""
    if not leaves:
        return {}
    known = teams or teams_for(leaves)
    return {leave.pk: _staff(leave, known) for leave in leaves}


def _staff(leave: LeaveRequest, teams: Teams) -> Staff:
    unit = teams.unit_of.get(leave.owner_id)
    if unit is None:
        return Staff([])
    last = min(leave.last_day, leave.first_day + LONGEST_SHOWN)
    days = [leave.first_day + timedelta(days=n) for n in range((last - leave.first_day).days + 1)]
    away: dict[str, list[str]] = {CaseState.APPROVED: [], CaseState.SUBMITTED: []}
    for member in teams.members[unit]:
        if member.pk == leave.owner_id:
            continue
        crossing = [other for other in teams.requests.get(member.pk, ()) if other.period.overlaps(leave.period)]
        for state in {other.state for other in crossing}:
            away[state].append(member.full_name)
    return Staff(
        [teams.staff_on(unit, day, without=leave.owner_id) for day in days if teams.works(leave.owner_id, day)],
        sorted(away[CaseState.APPROVED]),
        sorted(away[CaseState.SUBMITTED]),
    )


def suggested_reasons(staff: Staff) -> list[str]:
    """Reasons of fact that the team's own figures give (CE 20-12-2013 n° 362940: the needs must be concrete)."""
    found = [
        _("Présence minimale de l’équipe : il resterait %(present)s sur %(minimum)s le %(day)s.")
        % {"present": day.present, "minimum": day.minimum, "day": day_name(day.day)}
        for day in staff.short[:3]
    ]
    if staff.away:
        count = len(staff.away)
        text = ngettext(
            "%(count)s collègue de l’équipe est déjà absent sur ces dates.",
            "%(count)s collègues de l’équipe sont déjà absents sur ces dates.",
            count,
        )
        found.append(text % {"count": count})
    return found


def reserved_days(agent: Agent, leave_type: LeaveType, period: Period) -> Refusal | None:
    """The refusal of days that the unit has reserved, for an absence of one's own choice; None when they are free."""
    if leave_type.of_right or leave_type.group not in OWN_CHOICE:
        return None
    assignment = main_assignment(agent)
    codes = assignment.unit.path.split("/") if assignment else []
    above = ["/".join(codes[:depth]) for depth in range(1, len(codes) + 1)]
    written = ForbiddenPeriod.objects.filter(unit__path__in=above).touching(period.first_day, period.last_day)
    first = next(iter(forbidden_by(written.order_by("first_day"), period)), None)
    if first is None:
        return None
    text = _(
        "Votre unité a réservé %(when)s : %(reason)s. Choisissez d’autres jours ; si c’est impossible, votre "
        "responsable peut saisir l’absence pour vous."
    )
    when = period_phrase(Period(first.first_day, first.last_day))
    rule = _("période réservée par le service, décret 85-1250 art. 3")
    return Refusal(text % {"when": when, "reason": first.reason}, rule=rule, field="first_day")


def presence_warnings(agent: Agent, period: Period, replacement: Agent | None = None) -> list[str]:
    """What an agent reads before asking: days on which the team would be under its minimum, a replacement who is away.

    It stops nothing.
    """
    last = min(period.last_day, period.first_day + LONGEST_SHOWN)
    teams = teams_of([agent.pk], period.first_day, last)
    unit = teams.unit_of.get(agent.pk)
    if unit is None:
        return []
    days = [period.first_day + timedelta(days=n) for n in range((last - period.first_day).days + 1)]
    found = [teams.staff_on(unit, day, without=agent.pk) for day in days if teams.works(agent.pk, day)]
    away = [day.day for day in found if replacement is not None and teams.is_away(replacement.pk, day.day)]
    absent = _("%(name)s, qui vous remplacerait, n’est pas là le %(day)s.")
    told = [absent % {"name": replacement.full_name, "day": day_name(day)} for day in away[:1] if replacement]
    return told + [
        _("Présents dans l’équipe le %(day)s : %(present)s, minimum %(minimum)s. Votre responsable le verra.")
        % {"present": day.present, "minimum": day.minimum, "day": day_name(day.day)}
        for day in found
        if day.short
    ]
