"""Opening the rights of a year: one counter a right and its first movement. Run again, it only adds what is missing."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection, transaction

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.months import add_months
from nomade.leave.entitlements import Due, rights_due
from nomade.leave.facts import current_law
from nomade.leave.models import Counter, EntryKind
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import validity
from nomade.people.models import Agent

BATCH = 20000


@dataclass(frozen=True)
class Opening:
    """How many counters were opened, by code."""

    year: int
    opened: dict[str, int]


def open_due_years() -> list[Opening]:
    """Opens the present year, and the next one once it is close enough; what the nightly job calls."""
    day, law = today(), current_law()
    notice = int(law.row("rights.opening", day, "months_before").value)
    years = [day.year]
    if add_months(day, notice).year > day.year:
        years.append(day.year + 1)
    return [open_year(year) for year in years]


@transaction.atomic
def open_year(year: int, agents: Iterable[Agent] | None = None, *, author: Agent | None = None) -> Opening:
    """Opens annual leave and RTT of a year for agents (everybody by default) who have not got them yet.

    Décret 85-1250 art. 1 and 2; service-public F13712. Each situation of the year counts for its part of the year.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.open_year'))")
    law = current_law()
    chosen = None if agents is None else [agent.pk for agent in agents]
    missing = _missing(year, chosen, law)
    opened = Tally(code for _agent, code in missing)
    waiting = iter(missing.items())
    while batch := list(islice(waiting, BATCH)):
        _write(batch, year, author, law)
    if opened:
        audit.record(
            "leave.year_opened", actor=author.pk if author else None, subject=None, year=year, counters=dict(opened)
        )
    return Opening(year, dict(opened))


def _write(batch: list[tuple[tuple[int, str], Due]], year: int, author: Agent | None, law: Law) -> None:
    """Adds counters and their first movements: plain arrays, since rows made one by one take four times as long."""
    agents = [agent for (agent, _code), _found in batch]
    codes = [code for (_agent, code), _found in batch]
    half_days = [found.right.half_days for _key, found in batch]
    reasons = [found.reason for _key, found in batch]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leave_counter (agent_id, code, year, half_days, overdraft, usable_from, expires_on) "
            "SELECT agent, given.code, %s, 0, 0, ends.usable_from, ends.expires_on "
            "FROM unnest(%s::bigint[], %s::text[]) AS given (agent, code) "
            "JOIN unnest(%s::text[], %s::date[], %s::date[]) AS ends (code, usable_from, expires_on) USING (code)",
            [year, agents, codes, *_ends(set(codes), year, law)],
        )
        cursor.execute(
            "INSERT INTO leave_ledgerentry "
            "(counter_id, kind, half_days, date, author_id, reason, source, created_at) "
            "SELECT counter.id, %s, given.half_days, %s, %s, given.reason, given.source, %s "
            "FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[]) "
            "AS given (agent, code, half_days, reason, source) "
            "JOIN leave_counter AS counter "
            "ON counter.agent_id = given.agent AND counter.code = given.code AND counter.year = %s",
            [
                EntryKind.RIGHT.value,
                date(year, 1, 1),
                author.pk if author else None,
                now(),
                agents,
                codes,
                half_days,
                reasons,
                [found.source for _key, found in batch],
                year,
            ],
        )


@dataclass(frozen=True)
class ToOpen:
    """A right that is not open yet, as it would open today."""

    half_days: int
    expires_on: date | None
    reason: str


def rights_to_open(agent: Agent, year: int) -> dict[str, ToOpen]:
    """The rights of a year that an agent has not got yet, by code, by the situation known today."""
    law = current_law()
    return {
        code: ToOpen(found.right.half_days, validity(code, year, law).last, found.reason)
        for (_agent, code), found in _missing(year, [agent.pk], law).items()
    }


def _ends(codes: set[str], year: int, law: Law) -> tuple[list[str], list[date], list[date | None]]:
    ends = {code: validity(code, year, law) for code in sorted(codes)}
    return list(ends), [end.first for end in ends.values()], [end.last for end in ends.values()]


def _missing(year: int, agents: list[int] | None, law: Law) -> dict[tuple[int, str], Due]:
    """The rights of each agent and code that have no counter yet."""
    existing = Counter.objects.filter(year=year)
    if agents is not None:
        existing = existing.filter(agent__in=agents)
    have = set(existing.values_list("agent_id", "code"))
    return {
        key: due
        for key, due in rights_due(year, agents, law, known=have).items()
        if key not in have and due.right.half_days
    }
