"""Days of fractionnement: a right that opens by itself as annual leave is taken out of season."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import Counter, EntryKind, LeaveRequest, LedgerEntry
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Cycle, Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.rights import fractionnement, season_of
from nomade.leave.rules.validity import ANNUAL, SPLIT, validity
from nomade.ui.filters import days

SOURCE = "décret 85-1250 art. 1"
AT_ONCE = 4000
# An agent, the days of an absence, the half-days it took from the counter of the year.
Absence = tuple[int, Period, int]


@transaction.atomic
def grant_split_days(year: int, agents: Iterable[int] | None = None) -> int:
    """Gives each agent the days that leave already taken has opened, and no more; returns how many counters moved.

    Run again it adds only what is new. A day given is not taken back once used: the counter stays above zero.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.grant_split_days'))")
    law = current_law()
    season = season_of(year, law)
    moved = 0
    # By batches: a large city has half a million of these absences a year, read once.
    for some in _batches(_absences(year, agents, season)):
        taken = _taken(year, some, season, law)
        have = _given(year, taken)
        for agent, out_of_season in taken.items():
            due = fractionnement(out_of_season, year, law) - have.get(agent, 0)
            moved += _move(agent, year, due, out_of_season, law)
    return moved


def _absences(year: int, agents: Iterable[int] | None, season: Period) -> Iterator[Absence]:
    """The annual leave of the year that is over and not wholly in season, agent by agent, with its charge."""
    found = LeaveRequest.objects.approved().filter(
        leave_type__counter=ANNUAL,
        last_day__lt=today(),
        entries__counter__code=ANNUAL,
        entries__counter__year=year,
    )
    if agents is not None:
        found = found.filter(owner__in=agents)
    within = Q(first_day__gte=season.first_day, last_day__lte=season.last_day)
    rows = (
        found.touching(date(year, 1, 1), date(year, 12, 31))
        .exclude(within)
        .values_list("owner_id", "pk", "first_day", "last_day", "first_half", "last_half")
        .annotate(charged=-Sum("entries__half_days"))
        .order_by("owner_id", "pk")
    )
    for owner, _pk, first_day, last_day, first_half, last_half, charged in rows.iterator(chunk_size=10_000):
        yield owner, Period(first_day, last_day, Half(first_half), Half(last_half)), charged


def _batches(absences: Iterable[Absence]) -> Iterator[dict[int, list[tuple[Period, int]]]]:
    """All the absences of some thousands of agents at a time."""
    some: dict[int, list[tuple[Period, int]]] = defaultdict(list)
    for agent, period, charged in absences:
        if len(some) >= AT_ONCE and agent not in some:
            yield some
            some = defaultdict(list)
        some[agent].append((period, charged))
    if some:
        yield some


def _taken(year: int, some: Mapping[int, list[tuple[Period, int]]], season: Period, law: Law) -> dict[int, int]:
    """Half-days of annual leave of the year taken out of season, by agent; carry-overs and RTT do not count."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    tables = timetables(some, first, last)
    holidays = holidays_between(first, last, law)
    taken: dict[int, int] = defaultdict(int)
    alike: dict[tuple[Cycle, Period], int] = {}
    for agent, absences in some.items():
        table = tables.get(agent, Timetable(()))
        for period, charged in absences:
            cycle = table.plain_cycle(period.first_day, period.last_day)
            if cycle is None:
                halves = _out_of_season(period, table, holidays, season, year)
            else:
                if (cycle, period) not in alike:
                    alike[cycle, period] = _out_of_season(period, table, holidays, season, year)
                halves = alike[cycle, period]
            # When a part was taken from a carry-over, the days out of season are held to be of the year's own right.
            taken[agent] += min(charged, halves)
    return taken


def _out_of_season(period: Period, table: Timetable, holidays: Mapping[date, str], season: Period, year: int) -> int:
    counted = count(period, table, holidays).days_counted()
    return sum(
        halves for day, halves in counted.items() if day.year == year and not season.first_day <= day <= season.last_day
    )


def _given(year: int, agents: Iterable[int]) -> dict[int, int]:
    given: dict[int, int] = defaultdict(int)
    entries = LedgerEntry.objects.filter(
        counter__agent__in=list(agents), counter__code=SPLIT, counter__year=year, kind=EntryKind.RIGHT
    )
    for agent, half_days in entries.values_list("counter__agent", "half_days"):
        given[agent] += half_days
    return given


def _move(agent: int, year: int, due: int, out_of_season: int, law: Law) -> int:
    if not due:
        return 0
    ends = validity(SPLIT, year, law)
    counter, _created = Counter.objects.get_or_create(
        agent_id=agent, code=SPLIT, year=year, defaults={"usable_from": ends.first, "expires_on": ends.last}
    )
    due = max(due, -counter.half_days)
    if not due:
        return 0
    LedgerEntry.objects.create(
        counter=counter,
        kind=EntryKind.RIGHT,
        half_days=due,
        date=today(),
        author=None,
        reason=_("%(days)s de congés annuels pris hors de la période du 1er mai au 31 octobre")
        % {"days": days(out_of_season)},
        source=SOURCE,
    )
    return 1
