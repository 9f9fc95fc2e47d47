"""Opening the rights of a year: one counter a right and its first movement. Run again, it only adds what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.leave.facts import current_law, cycle_of, situations_between
from nomade.leave.models import Counter, EntryKind, LedgerEntry
from nomade.leave.rules.decisions import add_months
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.rights import HALVES_IN_DAY, Overtime, Right, Service, annual_leave, rtt, share_of_year
from nomade.people.models import Agent, Situation
from nomade.ui.filters import days

BATCH = 5000
ANNUAL, RTT = "CA", "RTT"


@dataclass(frozen=True)
class Opening:
    """How many counters were opened, by code."""

    year: int
    opened: dict[str, int]


@dataclass(frozen=True)
class _Opened:
    right: Right
    reason: str


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
    opened: dict[str, int] = defaultdict(int)
    counters, entries = [], []
    for (agent, code), found in missing.items():
        counters.append(Counter(agent_id=agent, code=code, year=year))
        entries.append(found)
        opened[code] += 1
    Counter.objects.bulk_create(counters, batch_size=BATCH)
    LedgerEntry.objects.bulk_create(
        (
            LedgerEntry(
                counter=counter,
                kind=EntryKind.RIGHT,
                half_days=found.right.half_days,
                date=date(year, 1, 1),
                author=author,
                reason=found.reason,
            )
            for counter, found in zip(counters, entries, strict=True)
        ),
        batch_size=BATCH,
    )
    if counters:
        audit.record(
            "leave.year_opened", actor=author.pk if author else None, subject=None, year=year, counters=dict(opened)
        )
    return Opening(year, dict(opened))


def _missing(year: int, agents: list[int] | None, law: Law) -> dict[tuple[int, str], _Opened]:
    """The rights of each agent and code that have no counter yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    statuses = {status for status, row in law.table("rights.status", first).items() if row.value == "yes"}
    situations = situations_between(first, last).filter(status__in=statuses)
    existing = Counter.objects.filter(year=year)
    if agents is not None:
        situations, existing = situations.filter(agent__in=agents), existing.filter(agent__in=agents)
    have = set(existing.values_list("agent_id", "code"))
    by_agent: dict[int, list[Situation]] = defaultdict(list)
    for situation in situations.iterator(chunk_size=2000):
        by_agent[situation.agent_id].append(situation)
    found = {}
    for agent, held in by_agent.items():
        for code, opened in _rights(held, year, law):
            if (agent, code) not in have and opened.right.half_days:
                found[agent, code] = opened
    return found


def _rights(situations: list[Situation], year: int, law: Law) -> list[tuple[str, _Opened]]:
    method = law.proration(date(year, 1, 1))
    services, overtimes = [], []
    for situation in situations:
        share = share_of_year(situation.valid_from, situation.valid_to, year, method)
        services.append(Service(cycle_of(situation).weekly_half_days, share))
        overtimes.append(Overtime(situation.weekly_minutes, Fraction(situation.quotite) / 100, share))
    return [
        (ANNUAL, _Opened(annual_leave(services, year, law), _annual_reason(services, year, law))),
        (RTT, _Opened(rtt(overtimes, year, law), _rtt_reason(overtimes))),
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
