"""The end of a year of annualised hours: what is beyond the hours due may become hours to recover, once."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.leave.actions.corrections import open_counter
from nomade.leave.hours import accounts_of, annualised_on
from nomade.leave.models import EntryKind, LedgerEntry, Operation
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import NO_YEAR, RECOVERY
from nomade.people.models import Agent
from nomade.ui.filters import hours

AT_ONCE = 500
SOURCE = "décret 2001-623 art. 1, règlement local"


def settle_hours(year: int, operation: Operation, law: Law) -> tuple[dict[int, int], dict[int, int]]:
    """Minutes given to each agent as hours to recover, and minutes that each still owes; (given, owed).

    Nothing is given unless the local rule says so. Run again, only what a late correction added is given; what was
    given is never taken back.
    """
    last = date(year, 12, 31)
    agents = sorted(set(annualised_on(last).values_list("agent_id", flat=True)))
    gives = law.says_yes("annual.surplus", last, "")
    given: dict[int, int] = {}
    owed: dict[int, int] = {}
    for start in range(0, len(agents), AT_ONCE):
        some = agents[start : start + AT_ONCE]
        known = _already(some, year)
        people = Agent.objects.in_bulk(some)
        for agent, account in accounts_of(some, year, last + timedelta(days=1)).items():
            more = account.forecast - known.get(agent, 0)
            if account.forecast < 0:
                owed[agent] = -account.forecast
            elif gives and more > 0:
                _give(people[agent], more, year, operation)
                given[agent] = more
    return given, owed


def _already(agents: list[int], year: int) -> dict[int, int]:
    entries = LedgerEntry.objects.filter(
        counter__agent__in=agents, counter__code=RECOVERY, kind=EntryKind.CARRIED_OVER, operation__asked__year=year
    )
    known: dict[int, int] = {}
    for agent, minutes in entries.values_list("counter__agent", "half_days"):
        known[agent] = known.get(agent, 0) + minutes
    return known


def _give(agent: Agent, minutes: int, year: int, operation: Operation) -> None:
    LedgerEntry.objects.create(
        counter=open_counter(agent, RECOVERY, NO_YEAR),
        kind=EntryKind.CARRIED_OVER,
        half_days=minutes,
        date=today(),
        author=None,
        reason=_("%(hours)s faites en %(year)s au-delà de vos heures annuelles")
        % {"hours": hours(minutes), "year": year},
        source=SOURCE,
        operation=operation,
    )
