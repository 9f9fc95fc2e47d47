"""Opening the rights of a year: one counter a right and its first movement. Run again, it only adds what is missing."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.leave.facts import current_law, situations_between
from nomade.leave.models import Counter, EntryKind
from nomade.leave.rules.cycles import Cycle
from nomade.leave.rules.decisions import add_months
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.rights import HALVES_IN_DAY, Overtime, Right, Service, annual_leave, rtt, share_of_year
from nomade.leave.rules.validity import ANNUAL, RTT, validity
from nomade.people.models import Agent, Situation, WorkCycle
from nomade.ui.filters import days

BATCH = 20000
ANNUAL_SOURCE, RTT_SOURCE = "décret 85-1250 art. 1 et 2", "service-public F13712"


@dataclass(frozen=True)
class Opening:
    """How many counters were opened, by code."""

    year: int
    opened: dict[str, int]


@dataclass(frozen=True)
class _Opened:
    right: Right
    reason: str
    source: str


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


def _write(batch: list[tuple[tuple[int, str], _Opened]], year: int, author: Agent | None, law: Law) -> None:
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


def _missing(year: int, agents: list[int] | None, law: Law) -> dict[tuple[int, str], _Opened]:
    """The rights of each agent and code that have no counter yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    statuses = {status for status, row in law.table("rights.status", first).items() if row.value == "yes"}
    situations = situations_between(first, last).filter(status__in=statuses)
    existing = Counter.objects.filter(year=year)
    if agents is not None:
        situations, existing = situations.filter(agent__in=agents), existing.filter(agent__in=agents)
    have = set(existing.values_list("agent_id", "code"))
    found = {}
    known: dict[tuple[_Stretch, ...], list[tuple[str, _Opened]]] = {}
    for agent, held in _stretches(situations, year).items():
        if {(agent, ANNUAL), (agent, RTT)} <= have:
            continue
        if held not in known:
            known[held] = _rights(held, year, law)
        for code, opened in known[held]:
            if (agent, code) not in have and opened.right.half_days:
                found[agent, code] = opened
    return found


@dataclass(frozen=True)
class _Stretch:
    """A situation as far as it concerns the year; many agents share the same one, computed once."""

    first: date
    last: date
    weekly_half_days: Fraction
    weekly_minutes: int
    quotite: Fraction


def _stretches(situations: QuerySet[Situation], year: int) -> dict[int, tuple[_Stretch, ...]]:
    """The stretches of each agent (by id); read as plain values, since there are tens of thousands."""
    cycles = {cycle.pk: Cycle(tuple(cycle.weeks), cycle.anchor).weekly_half_days for cycle in WorkCycle.objects.all()}
    fractions: dict[Decimal, Fraction] = {}
    held: dict[int, tuple[_Stretch, ...]] = {}
    rows = situations.select_related(None).values_list(
        "agent_id", "valid_from", "valid_to", "cycle_id", "weekly_minutes", "quotite"
    )
    for agent, valid_from, valid_to, cycle, minutes, quotite in rows.iterator(chunk_size=5000):
        stretch = _Stretch(
            max(valid_from, date(year, 1, 1)),
            min(valid_to or date.max, date(year, 12, 31)),
            cycles[cycle],
            minutes,
            fractions.setdefault(quotite, Fraction(quotite) / 100),
        )
        held[agent] = (*held.get(agent, ()), stretch)
    return held


def _rights(stretches: tuple[_Stretch, ...], year: int, law: Law) -> list[tuple[str, _Opened]]:
    method = law.proration(date(year, 1, 1))
    shares = [share_of_year(stretch.first, stretch.last, year, method) for stretch in stretches]
    services = [Service(stretch.weekly_half_days, share) for stretch, share in zip(stretches, shares, strict=True)]
    overtimes = [
        Overtime(stretch.weekly_minutes, stretch.quotite, share)
        for stretch, share in zip(stretches, shares, strict=True)
    ]
    return [
        (
            ANNUAL,
            _Opened(annual_leave(services, year, law), _annual_reason(services, year, law), "décret 85-1250 art. 1"),
        ),
        (RTT, _Opened(rtt(overtimes, year, law), _rtt_reason(overtimes), "service-public F13712")),
    ]


def _annual_reason(services: list[Service], year: int, law: Law) -> str:
    if len(services) > 1:
        return _("Droit %(year)s : votre situation a changé dans l’année, chaque période compte pour sa part") % {
            "year": year
        }
    service = services[0]
    reason = _("Droit %(year)s : %(weeks)s × %(days)s par semaine") % {
        "year": year,
        "weeks": law.number("ca.weeks", date(year, 1, 1)),
        "days": _worked(service.weekly_half_days),
    }
    return reason if service.share == 1 else reason + _(", pour la part de l’année où vous êtes en service")


def _rtt_reason(overtimes: list[Overtime]) -> str:
    if len(overtimes) > 1:
        return _("RTT : votre situation a changé dans l’année, chaque période compte pour sa part")
    overtime = overtimes[0]
    hours, minutes = divmod(overtime.weekly_minutes, 60)
    reason = _("RTT pour %(hours)s h %(minutes)02d par semaine") % {"hours": hours, "minutes": minutes}
    if overtime.quotite != 1:
        reason += _(", à %(percent)s %%") % {"percent": f"{float(overtime.quotite * 100):g}".replace(".", ",")}
    return reason if overtime.share == 1 else reason + _(", pour la part de l’année où vous êtes en service")


def _worked(weekly_half_days: Fraction) -> str:
    """« 5 jours »; the exact average of a rotation, to two decimals."""
    if weekly_half_days.denominator == 1:
        return days(int(weekly_half_days))
    average = f"{float(weekly_half_days / HALVES_IN_DAY):.2f}".replace(".", ",")
    return _("%(number)s jours en moyenne") % {"number": average}
