"""The calendar in which an agent picks days: what each day is for them, and how many colleagues would be there.

Colleagues are a number, never a name nor a reason (domain § 7.1).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.compiled import Compiled, within
from nomade.leave.models import ForbiddenPeriod, LeaveRequest
from nomade.leave.rules.counting import SATURDAY
from nomade.leave.rules.periods import Period, slot_of
from nomade.leave.staffing import NOBODY, DayStaff, Teams, teams_of
from nomade.people.models import Agent

MONTHS = 2


@dataclass(frozen=True)
class PickerDay:
    """A day one may tap; `words` say all that its colours show."""

    day: date
    kind: str
    words: str
    staff: DayStaff | None
    chosen: bool
    edge: bool

    @property
    def presence(self) -> str:
        """« 8 » over the day, or nothing where nobody works."""
        return str(self.staff.present) if self.staff and self.staff.team else ""

    @property
    def short(self) -> bool:
        """Whether one more absence would leave fewer than the minimum of the team."""
        staff = self.staff
        return staff is not None and staff.minimum is not None and staff.present - 1 < staff.minimum


@dataclass(frozen=True)
class PickerMonth:
    """A month, week by week from Monday; None outside the month."""

    first: date
    weeks: list[list[PickerDay | None]]

    @property
    def name(self) -> str:
        return date_format(self.first, "F Y")


def month_of(day: date, offset: int = 0) -> date:
    """The first day of the month of a day, some months away."""
    place = day.year * 12 + day.month - 1 + offset
    return date(place // 12, place % 12 + 1, 1)


def tapped(first: str, last: str, day: str) -> tuple[str, str]:
    """The two ends once a day is tapped: it starts a stretch, ends it, or starts another. Days are ISO texts."""
    if first and first == last:
        return (min(first, day), max(last, day))
    return day, day


@dataclass(frozen=True)
class Known:
    """What the days are made of, read once."""

    agent: Agent
    teams: Teams
    forbidden: list[ForbiddenPeriod]
    taken: dict[int, LeaveRequest]
    chosen: Period | None


_reserved: Compiled[ForbiddenPeriod] = Compiled(
    lambda first, last, above: ForbiddenPeriod.objects.touching(first, last).filter(
        unit__path__in=within(above, "text")
    )
)


def picker(agent: Agent, month: date, chosen: Period | None) -> list[PickerMonth]:
    """Two months from one, as an agent sees them."""
    first, last = month, month_of(month, MONTHS) - timedelta(days=1)
    teams = teams_of([agent.pk], first, last)
    above = teams.units_above(agent.pk)
    taken = {
        slot: leave
        for leave in teams.requests.get(agent.pk, ())
        for slot in range(leave.period.first_slot, leave.period.last_slot + 1)
    }
    known = Known(
        agent,
        teams,
        _reserved.rows(first=first, last=last, above=list(above)) if above else [],
        taken,
        chosen,
    )
    return [_month(month_of(month, offset), known) for offset in range(MONTHS)]


def _month(start: date, known: Known) -> PickerMonth:
    weeks = [
        [_day(day, known) if day.month == start.month else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(start.year, start.month)
    ]
    return PickerMonth(start, weeks)


def _day(day: date, known: Known) -> PickerDay:
    kind, words = _own_day(day, known)
    unit = known.teams.unit_of.get(known.agent.pk)
    staff = known.teams.staff_on(unit, day) if unit is not None and kind == "worked" else None
    said = [words] if words else []
    if staff is not None and staff.team > 1:
        said.append(_("%(present)s présents sur %(team)s") % {"present": staff.present, "team": staff.team})
        if staff.minimum is not None:
            said.append(_("minimum %(count)s") % {"count": staff.minimum})
    said.extend(period.reason for period in known.forbidden if period.first_day <= day <= period.last_day)
    chosen = known.chosen is not None and known.chosen.first_day <= day <= known.chosen.last_day
    edge = known.chosen is not None and day in (known.chosen.first_day, known.chosen.last_day)
    if kind == "worked" and any(period.first_day <= day <= period.last_day for period in known.forbidden):
        kind = "forbidden"
    return PickerDay(day, kind, ", ".join(said), staff, chosen, edge)


def _own_day(day: date, known: Known) -> tuple[str, str]:
    """What the day is for the agent, and the words that say so; no word for an ordinary day of work."""
    table = known.teams.tables.get(known.agent.pk, NOBODY)
    if day in known.teams.free_days and not table.works_on_holidays(day):
        return "holiday", _("férié : %(name)s") % {"name": known.teams.free_days[day]}
    if day in table.closed:
        return "holiday", _("fermeture : %(name)s") % {"name": table.closed[day]}
    worked = table.halves_worked(day)
    if worked is None:
        return "unknown", _("hors service")
    if not worked:
        return ("rest", _("repos")) if day.weekday() >= SATURDAY else ("off", _("jour non travaillé"))
    own = next((known.taken[slot] for half in worked if (slot := slot_of(day, half)) in known.taken), None)
    if own is None:
        held = known.teams.held.get(known.agent.pk, {})
        what = next((held[slot] for half in sorted(worked) if (slot := slot_of(day, half)) in held), None)
        return ("elsewhere", what.label) if what else ("worked", "")
    approved = own.state == CaseState.APPROVED
    words = _("%(type)s, validé") if approved else _("%(type)s, en attente")
    return ("approved" if approved else "pending"), words % {"type": own.leave_type.label}
