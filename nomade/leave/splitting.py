"""Days of fractionnement: a right that opens by itself as annual leave is taken out of season."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import Counter, EntryKind, LeaveRequest, LedgerEntry
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.rights import fractionnement, out_of_season_half_days
from nomade.leave.rules.validity import ANNUAL, SPLIT, validity
from nomade.ui.filters import days

SOURCE = "décret 85-1250 art. 1"


@transaction.atomic
def grant_split_days(year: int, agents: Iterable[int] | None = None) -> int:
    """Gives each agent the days that leave already taken has opened, and no more; returns how many counters moved.

    Run again it adds only what is new. A day given is not taken back once used: the counter stays above zero.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.grant_split_days'))")
    law = current_law()
    taken = _taken(year, agents, law)
    have = _given(year, taken)
    moved = 0
    for agent, out_of_season in taken.items():
        due = fractionnement(out_of_season, year, law) - have.get(agent, 0)
        moved += _move(agent, year, due, out_of_season, law)
    return moved


def _taken(year: int, agents: Iterable[int] | None, law: Law) -> dict[int, int]:
    """Half-days of annual leave of the year taken out of season, by agent; carry-overs and RTT do not count."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = LeaveRequest.objects.approved().filter(
        leave_type__counter=ANNUAL, last_day__lt=today(), entries__counter__code=ANNUAL, entries__counter__year=year
    )
    if agents is not None:
        found = found.filter(owner__in=agents)
    requests = list(found.touching(first, last).distinct())
    charged: dict[object, int] = defaultdict(int)
    entries = LedgerEntry.objects.filter(request__in=requests, counter__code=ANNUAL, counter__year=year)
    for request_id, half_days in entries.values_list("request_id", "half_days"):
        charged[request_id] -= half_days
    tables = timetables({request.owner_id for request in requests}, first, last)
    holidays = holidays_between(first, last, law)
    taken: dict[int, int] = defaultdict(int)
    for request in requests:
        counted = count(request.period, tables.get(request.owner_id, Timetable(())), holidays).days_counted()
        of_year = {day: halves for day, halves in counted.items() if day.year == year}
        # When a part was taken from a carry-over, the days out of season are held to be of the year's own right.
        taken[request.owner_id] += min(charged[request.pk], out_of_season_half_days(of_year, law))
    return taken


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
