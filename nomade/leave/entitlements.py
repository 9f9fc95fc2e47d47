"""What each agent is entitled to in a year, by the situations known today: annual leave and RTT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nomade.leave.facts import situations_between
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.cycles import Cycle
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.rights import (
    HALVES_IN_DAY,
    Overtime,
    Right,
    Service,
    YoungAgentRight,
    age_on,
    annual_leave,
    annual_leave_when_young,
    rtt,
    share_of_year,
)
from nomade.leave.rules.validity import ANNUAL, RTT
from nomade.people.models import Agent, Situation, WorkCycle
from nomade.ui.filters import days

# Above, the absences of the whole city are read rather than those of each of them.
NAMED_ONE_BY_ONE = 1000
NOTHING_KNOWN: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True)
class Due:
    """A right of a year: how many half-days, why, by which text."""

    right: Right
    reason: str
    source: str


def rights_due(
    year: int, agents: Iterable[int] | None, law: Law, *, known: Container[tuple[int, str]] = NOTHING_KNOWN
) -> dict[tuple[int, str], Due]:
    """The rights of a year by agent and code; those who have both already in `known` are passed over."""
    found = {}
    alike: dict[tuple[Stretch, ...], list[tuple[str, Due]]] = {}
    for agent, held in stretches_of(_opening_rights(year, agents, law), year, law).items():
        if (agent, ANNUAL) in known and (agent, RTT) in known:
            continue
        if held not in alike:
            alike[held] = rights_of(held, year, law)
        for code, due in alike[held]:
            found[agent, code] = due
    return found


def rights_if_away(agent: int, first: date, last: date, law: Law) -> list[tuple[str, int, int]]:
    """What days without service that are only thought of would change: code, half-days without them, with them."""
    year = first.year
    held = stretches_of(_opening_rights(year, [agent], law), year, law).get(agent, ())
    then = tuple(part for stretch in held for part in _cut(stretch, [(first, last)]))
    before = {code: due.right.half_days for code, due in rights_of(held, year, law)} if held else {}
    after = {code: due.right.half_days for code, due in rights_of(then, year, law)} if then else {}
    return [(code, before[code], after.get(code, 0)) for code in before]


def is_young(agent: Agent, year: int, law: Law) -> bool:
    """Whether an agent was young enough on 1 January to ask for the whole year (décret 85-1250 art. 2)."""
    day = date(year, 1, 1)
    return agent.birth_date is not None and age_on(agent.birth_date, day) < law.number("ca.full_right_under_age", day)


def young_right(agent: Agent, year: int, law: Law) -> YoungAgentRight | None:
    """The whole year that a young agent may ask for; None for who is not young, or has no right in that year."""
    if agent.birth_date is None or not is_young(agent, year, law):
        return None
    held = stretches_of(_opening_rights(year, [agent.pk], law), year, law).get(agent.pk, ())
    if not held:
        return None
    acquired = next(due.right for code, due in rights_of(held, year, law) if code == ANNUAL)
    return annual_leave_when_young(
        acquired,
        held[-1].weekly_half_days,
        age_on_first_january=age_on(agent.birth_date, date(year, 1, 1)),
        year=year,
        law=law,
    )


def _opening_rights(year: int, agents: Iterable[int] | None, law: Law) -> QuerySet[Situation]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    statuses = {status for status, row in law.table("rights.status", first).items() if row.value == "yes"}
    situations = situations_between(first, last).filter(status__in=statuses)
    return situations if agents is None else situations.filter(agent__in=agents)


@dataclass(frozen=True)
class Stretch:
    """A situation as far as it concerns the year; many agents share the same one, computed once."""

    first: date
    last: date
    weekly_half_days: Fraction
    weekly_minutes: int
    quotite: Fraction
    # Annualised hours: the days of rest are in the plan already, no RTT is added to them.
    annualised: bool = False


def stretches_of(situations: QuerySet[Situation], year: int, law: Law) -> dict[int, tuple[Stretch, ...]]:
    """The stretches of each agent (by id) that open rights; read as plain values, since there are tens of thousands."""
    cycles = {
        cycle.pk: (Cycle(tuple(cycle.weeks), cycle.anchor).weekly_half_days, cycle.annual_minutes is not None)
        for cycle in WorkCycle.objects.all()
    }
    service = {position for position, row in law.table("ca.service", date(year, 1, 1)).items() if row.value == "yes"}
    fractions: dict[Decimal, Fraction] = {}
    held: dict[int, tuple[Stretch, ...]] = {}
    rows = (
        situations.filter(position__in=service)
        .select_related(None)
        .values_list("agent_id", "valid_from", "valid_to", "cycle_id", "weekly_minutes", "quotite")
    )
    for agent, valid_from, valid_to, cycle, minutes, quotite in rows.iterator(chunk_size=5000):
        weekly, annualised = cycles[cycle]
        stretch = Stretch(
            max(valid_from, date(year, 1, 1)),
            min(valid_to or date.max, date(year, 12, 31)),
            weekly,
            minutes,
            fractions.setdefault(quotite, Fraction(quotite) / 100),
            annualised,
        )
        held[agent] = (*held.get(agent, ()), stretch)
    for agent, away in without_service(held.keys(), year, law).items():
        held[agent] = tuple(part for stretch in held[agent] for part in _cut(stretch, away))
    return {agent: stretches for agent, stretches in held.items() if stretches}


def without_service(agents: Collection[int], year: int, law: Law) -> dict[int, list[tuple[date, date]]]:
    """The validated absences of a year that open no right (congé parental, congé non rémunéré), by agent."""
    closed = {code for code, row in law.table("ca.absence", date(year, 1, 1)).items() if row.value == "no"}
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    away = LeaveRequest.objects.approved().filter(leave_type__code__in=closed)
    if len(agents) <= NAMED_ONE_BY_ONE:
        away = away.filter(owner__in=list(agents))
    rows = away.touching(date(year, 1, 1), date(year, 12, 31)).order_by("first_day")
    for agent, first, last in rows.values_list("owner_id", "first_day", "last_day"):
        if agent in agents:
            found[agent].append((first, last))
    return found


def _cut(stretch: Stretch, away: list[tuple[date, date]]) -> list[Stretch]:
    """A stretch without the days of some absences, which are in order and do not overlap."""
    parts = []
    start = stretch.first
    for first, last in away:
        if last < start or first > stretch.last:
            continue
        if first > start:
            parts.append(replace(stretch, first=start, last=first - timedelta(days=1)))
        start = max(start, last + timedelta(days=1))
    if start <= stretch.last:
        parts.append(replace(stretch, first=start))
    return parts


def rights_of(stretches: tuple[Stretch, ...], year: int, law: Law) -> list[tuple[str, Due]]:
    method = law.proration(date(year, 1, 1))
    shares = [share_of_year(stretch.first, stretch.last, year, method) for stretch in stretches]
    services = [Service(stretch.weekly_half_days, share) for stretch, share in zip(stretches, shares, strict=True)]
    overtimes = [
        Overtime(stretch.weekly_minutes, stretch.quotite, share)
        for stretch, share in zip(stretches, shares, strict=True)
        if not stretch.annualised
    ]
    return [
        (
            ANNUAL,
            Due(annual_leave(services, year, law), _annual_reason(services, year, law), "décret 85-1250 art. 1"),
        ),
        (RTT, Due(rtt(overtimes, year, law), _rtt_reason(overtimes), "service-public F13712")),
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
    if not overtimes:
        return _("Heures annualisées : les jours de repos sont dans votre planning, sans RTT")
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
