"""Calendars: the year of an agent, the weeks of a team, the presence that others may know."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.leave.engagements import commitments_by_slot
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import Group, LeaveRequest
from nomade.leave.rules.counting import SATURDAY
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Half, slot_of
from nomade.people.models import Agent
from nomade.people.ports import Commitment, Presence


class DayKind(StrEnum):
    """What a day is for an agent; the name of its style and of its legend."""

    WORKED = "worked"
    REST = "rest"
    OFF = "off"
    HOLIDAY = "holiday"
    PENDING = "pending"
    APPROVED = "approved"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar, with the words that say what its colour shows."""

    day: date
    kind: DayKind
    words: str
    half: bool = False
    url: str = ""


NOTHING_HOLDS: Mapping[int, Commitment] = {}


@dataclass(frozen=True)
class Month:
    """A month, week by week from Monday; None outside the month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]

    @cached_property
    def rows(self) -> tuple[tuple[tuple[DayCell | None, ...], bool], ...]:
        """Each week, and whether it is the same for all who work alike: no absence of this person, and not today."""
        present = today()
        return tuple(
            (week, not any(cell and (cell.url or cell.day == present) for cell in week)) for week in self.weeks
        )

    @property
    def shared(self) -> bool:
        """Whether all its weeks are."""
        return all(shared for _week, shared in self.rows)

    @property
    def name(self) -> str:
        return date_format(self.first, "F")


def year_calendar(
    year: int,
    timetable: Timetable,
    holidays: Mapping[date, str],
    requests: Sequence[LeaveRequest],
    held: Mapping[int, Commitment] = NOTHING_HOLDS,
) -> list[Month]:
    """The twelve months of an agent; `held` is what other services hold them for, by half-day."""
    taken = _by_slot(requests)
    language = get_language()  # asked once: a year has 365 days
    months = []
    for month in range(1, 13):
        weeks = tuple(
            tuple(
                _cell(language, day, timetable, holidays, taken, held) if day.month == month else None for day in week
            )
            for week in _weeks(year, month)
        )
        months.append(Month(date(year, month, 1), weeks))
    return months


@lru_cache(maxsize=64)
def _weeks(year: int, month: int) -> list[list[date]]:
    return calendar.Calendar().monthdatescalendar(year, month)


def _by_slot(requests: Iterable[LeaveRequest]) -> dict[int, LeaveRequest]:
    return {
        slot: request for request in requests for slot in range(request.period.first_slot, request.period.last_slot + 1)
    }


def _cell(
    language: str | None,
    day: date,
    timetable: Timetable,
    holidays: Mapping[date, str],
    taken: Mapping[int, LeaveRequest],
    held: Mapping[int, Commitment],
) -> DayCell:
    worked = timetable.halves_worked(day)
    if worked and day not in holidays:
        absent = [half for half in sorted(worked) if slot_of(day, half) in taken]
        if absent:
            return _absence_cell(day, absent, worked, taken[slot_of(day, absent[0])])
        elsewhere = [half for half in sorted(worked) if slot_of(day, half) in held] if held else []
        if elsewhere:
            what = held[slot_of(day, elsewhere[0])]
            return DayCell(day, DayKind.ELSEWHERE, what.label, len(elsewhere) < len(worked), what.url)
    return _plain_cell(language, day, worked, holidays.get(day))


@lru_cache(maxsize=8192)
def _plain_cell(_language: str | None, day: date, worked: frozenset[Half] | None, holiday: str | None) -> DayCell:
    """A day without absence: the same for all who work alike, made once."""
    if worked is None:
        return DayCell(day, DayKind.UNKNOWN, _("hors service"))
    if holiday is not None:
        return DayCell(day, DayKind.HOLIDAY, holiday)
    if not worked:
        rest = day.weekday() >= SATURDAY
        return DayCell(day, DayKind.REST if rest else DayKind.OFF, _("repos") if rest else _("jour non travaillé"))
    return DayCell(day, DayKind.WORKED, "")


def _absence_cell(day: date, absent: list[Half], worked: frozenset[Half], request: LeaveRequest) -> DayCell:
    approved = request.state == CaseState.APPROVED
    words = request.leave_type.label + (_(", validé") if approved else _(", en attente"))
    half = len(absent) < len(worked)
    if half:
        words += _(", le matin") if absent[0] is Half.MORNING else _(", l’après-midi")
    kind = DayKind.APPROVED if approved else DayKind.PENDING
    return DayCell(day, kind, words, half, request.get_absolute_url())


class Seen(StrEnum):
    """What a team's grid shows of a half or whole day."""

    PRESENT = "present"
    ABSENT = "absent"
    TELEWORK = "telework"
    PENDING = "pending"
    OFF = "off"


@dataclass(frozen=True)
class TeamCell:
    """A day of a colleague: presence, and for a supervisor the kind of absence (domain § 7.1)."""

    seen: Seen
    words: str


@dataclass(frozen=True)
class TeamRow:
    agent: Agent
    cells: list[TeamCell]


@dataclass(frozen=True)
class TeamWeek:
    """A week of a team: its days, its people, how many are there each day."""

    days: list[date]
    holidays: Mapping[date, str]
    rows: list[TeamRow]
    present: list[int]

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]


def team_weeks(agents: Sequence[Agent], monday: date, weeks: int, *, with_kind: bool) -> list[TeamWeek]:
    """The weeks of a team from a Monday. `with_kind`: the reader is their supervisor and sees the coarse type."""
    last = monday + timedelta(weeks=weeks, days=-1)
    holidays = holidays_between(monday, last, current_law())
    tables = timetables([agent.pk for agent in agents], monday, last)
    requests = LeaveRequest.objects.living() if with_kind else LeaveRequest.objects.approved()
    taken: dict[int, dict[int, LeaveRequest]] = {agent.pk: {} for agent in agents}
    for request in requests.filter(owner__in=agents).touching(monday, last).with_type():
        taken[request.owner_id] |= _by_slot([request])
    held = commitments_by_slot(taken, monday, last)
    found = []
    for week in range(weeks):
        days = [monday + timedelta(weeks=week, days=offset) for offset in range(7)]
        rows = [
            TeamRow(
                agent,
                [
                    _team_cell(
                        day,
                        tables.get(agent.pk, Timetable(())),
                        holidays,
                        taken[agent.pk],
                        held.get(agent.pk, NOTHING_HOLDS),
                        with_kind=with_kind,
                    )
                    for day in days
                ],
            )
            for agent in agents
        ]
        shown = _shown_days(days, rows)
        rows = [TeamRow(row.agent, [row.cells[place] for place in shown]) for row in rows]
        present = [
            sum(row.cells[place].seen is not Seen.OFF and row.cells[place].seen is not Seen.ABSENT for row in rows)
            for place in range(len(shown))
        ]
        found.append(TeamWeek([days[place] for place in shown], holidays, rows, present))
    return found


def _shown_days(days: list[date], rows: list[TeamRow]) -> list[int]:
    """Monday to Friday, and the days of the weekend on which somebody of the team works."""
    return [
        place
        for place, day in enumerate(days)
        if day.weekday() < SATURDAY or any(row.cells[place].seen is not Seen.OFF for row in rows)
    ]


@lru_cache
def _off_seat(_language: str | None, *, holiday: bool) -> TeamCell:
    return TeamCell(Seen.OFF, _("férié") if holiday else _("non travaillé"))


@lru_cache
def _present_seat(_language: str | None) -> TeamCell:
    return TeamCell(Seen.PRESENT, _("présent"))


def _team_cell(
    day: date,
    timetable: Timetable,
    holidays: Mapping[date, str],
    taken: Mapping[int, LeaveRequest],
    held: Mapping[int, Commitment],
    *,
    with_kind: bool,
) -> TeamCell:
    worked = timetable.halves_worked(day) or frozenset()
    if not worked or day in holidays:
        return _off_seat(get_language(), holiday=day in holidays)
    absent = [half for half in sorted(worked) if slot_of(day, half) in taken] if taken else []
    if not absent:
        return _held_cell(day, worked, held, with_kind=with_kind) or _present_seat(get_language())
    request = taken[slot_of(day, absent[0])]
    at_home = request.leave_type.group == Group.TELEWORK
    words = request.leave_type.team_label if with_kind else _("télétravail") if at_home else _("absent")
    if len(absent) < len(worked):
        words += _(" (matin)") if absent[0] is Half.MORNING else _(" (après-midi)")
    if request.state == CaseState.SUBMITTED:
        return TeamCell(Seen.PENDING, _("%(what)s, à valider") % {"what": words})
    return TeamCell(Seen.TELEWORK if at_home else Seen.ABSENT, words)


def _held_cell(
    day: date, worked: frozenset[Half], held: Mapping[int, Commitment], *, with_kind: bool
) -> TeamCell | None:
    """A day on which something else holds a colleague: its words for their supervisor, « absent » for the others."""
    away = [half for half in sorted(worked) if slot_of(day, half) in held] if held else []
    if not away:
        return None
    words = held[slot_of(day, away[0])].label if with_kind else _("absent")
    if len(away) < len(worked):
        words += _(" (matin)") if away[0] is Half.MORNING else _(" (après-midi)")
    return TeamCell(Seen.ABSENT, words)


def team_day(agents: Sequence[Agent], day: date) -> list[TeamRow]:
    """A day of a team, one cell each, for their supervisor."""
    holidays = holidays_between(day, day, current_law())
    tables = timetables([agent.pk for agent in agents], day, day)
    taken: dict[int, dict[int, LeaveRequest]] = defaultdict(dict)
    for request in LeaveRequest.objects.living().filter(owner__in=agents).touching(day, day).with_type():
        taken[request.owner_id] |= _by_slot([request])
    held = commitments_by_slot([agent.pk for agent in agents], day, day)
    return [
        TeamRow(
            agent,
            [
                _team_cell(
                    day,
                    tables.get(agent.pk, Timetable(())),
                    holidays,
                    taken[agent.pk],
                    held.get(agent.pk, NOTHING_HOLDS),
                    with_kind=True,
                )
            ],
        )
        for agent in agents
    ]


_VALIDATED: Compiled[LeaveRequest] = Compiled(
    lambda owners, first, last: (
        LeaveRequest.objects.approved().filter(owner__in=within(owners, "bigint")).touching(first, last).with_type()
    )
)


def presence_of(agents: Iterable[int], first: date, last: date) -> dict[int, dict[date, Presence]]:
    """Who is there on each day, without any reason (port `presence`); a day off or a holiday is an absence."""
    ids = list(agents)
    tables = timetables(ids, first, last)
    holidays = holidays_between(first, last, current_law())
    taken: dict[int, set[int]] = {agent: set() for agent in ids}
    at_home: dict[int, set[int]] = {agent: set() for agent in ids}
    for request in _VALIDATED.rows(owners=ids or [0], first=first, last=last):
        slots = at_home if request.leave_type.group == Group.TELEWORK else taken
        slots[request.owner_id].update(range(request.period.first_slot, request.period.last_slot + 1))
    for agent, slots_held in commitments_by_slot(ids, first, last).items():
        taken[agent].update(slots_held)
    found: dict[int, dict[date, Presence]] = {}
    for agent in ids:
        found[agent] = {}
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            worked = tables.get(agent, Timetable(())).halves_worked(day) or frozenset()
            here = day not in holidays and any(slot_of(day, half) not in taken[agent] for half in worked)
            remote = here and all(slot_of(day, half) in at_home[agent] | taken[agent] for half in worked)
            found[agent][day] = "telework" if remote else "present" if here else "absent"
    return found
