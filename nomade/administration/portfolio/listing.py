"""The lists of a portfolio: agents by filter, what waits by age, what comes to its end. A few statements each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import CharField, DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from nomade.cases.desk import Agents, WaitingSource, expiry_sources, missing_sources
from nomade.people.models import Agent, Assignment, Situation, Status

PAGE = 50
# The services whose requests the officer may open.
Sources = Sequence[WaitingSource]
# A permanent agent has a career and no end of contract.
PERMANENT = (Status.TITULAIRE, Status.STAGIAIRE)


@dataclass(frozen=True)
class Asked:
    """What the filters say; a value that is none of those offered filters nothing."""

    q: str = ""
    unit: str = ""
    status: str = ""
    quotite: str = ""
    end: int = 0
    missing: bool = False
    expiring: int = 0
    waiting: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Asked:
        """From an address."""
        status, quotite = values.get("statut", ""), values.get("quotite", "")
        return cls(
            q=values.get("q", "").strip()[:80],
            unit=values.get("service", "").strip()[:400],
            status=status if status in Status.values else "",
            quotite=quotite if quotite in ("plein", "partiel") else "",
            end=_days(values.get("fin", "")),
            missing=values.get("piece", "") == "1",
            expiring=_days(values.get("echeance", "")),
            waiting=values.get("attente", "") == "1",
        )

    def query(self) -> dict[str, str]:
        """The same, for an address."""
        said = {
            "q": self.q,
            "service": self.unit,
            "statut": self.status,
            "quotite": self.quotite,
            "fin": str(self.end or ""),
            "piece": "1" if self.missing else "",
            "echeance": str(self.expiring or ""),
            "attente": "1" if self.waiting else "",
        }
        return {name: value for name, value in said.items() if value}


def _days(typed: str) -> int:
    return int(typed) if typed in ("30", "90", "180") else 0


def filtered(agents: Agents, asked: Asked, day: date, sources: Sources) -> Agents:
    """The agents that the filters keep, by name."""
    found = agents
    for word in asked.q.split():
        found = found.filter(Q(pk__in=Agent.objects.named_like(word).values("pk")))
    held = Situation.objects.on(day).filter(agent=OuterRef("pk"))
    if asked.unit:
        placed = Assignment.objects.on(day).filter(is_main=True, agent=OuterRef("pk"))
        code = asked.unit.upper()
        inside = Q(unit__path=code) | Q(unit__path__startswith=f"{code}/") | Q(unit__code=code)
        inside |= Q(unit__path__contains=f"/{code}/") | Q(unit__label__icontains=asked.unit)
        found = found.filter(Exists(placed.filter(inside)))
    if asked.status:
        found = found.filter(Exists(held.filter(status=asked.status)))
    if asked.quotite:
        full = Q(quotite__gte=100)
        found = found.filter(Exists(held.filter(full if asked.quotite == "plein" else ~full)))
    if asked.end:
        found = ending_between(found, day, day + timedelta(days=asked.end))
    if asked.missing:
        found = found.filter(_any(source.rows(None).order_by().values(source.field) for source in missing_sources()))
    if asked.expiring:
        last = day + timedelta(days=asked.expiring)
        found = found.filter(
            _any(source.rows(None, day, last).order_by().values("agent") for source in expiry_sources())
        )
    if asked.waiting:
        found = found.filter(_any(source.rows(None).order_by().values("owner") for source in sources))
    return found.order_by("sort_name", "pk")


def _any(rows: Iterable[QuerySet[Any, Any]]) -> Q:
    return reduce(lambda either, one: either | Q(pk__in=one), rows, Q(pk__in=[]))


def ending(agents: Agents, day: date) -> QuerySet[Any]:
    """Each with `contract_end`: the day of leaving, else the last day of a situation that is no career's."""
    last = _last_situations(day).filter(agent=OuterRef("pk")).values("valid_to")[:1]
    return agents.annotate(contract_end=Coalesce("exit_date", Subquery(last), output_field=DateField()))


def ending_between(agents: Agents, day: date, last: date) -> Agents:
    """Those whose `contract_end` comes until some day: found by the days themselves, not agent by agent."""
    over = _last_situations(day).filter(valid_to__range=(day, last)).values("agent")
    return agents.filter(Q(exit_date__range=(day, last)) | Q(exit_date__isnull=True, pk__in=over))


def _last_situations(day: date) -> QuerySet[Situation]:
    """The situations of a day that are no career's and that no other follows."""
    after = Situation.objects.filter(agent=OuterRef("agent"), valid_from__gt=OuterRef("valid_to"))
    found: QuerySet[Situation] = Situation.objects.on(day).exclude(status__in=PERMANENT).filter(~Exists(after))
    return found


@dataclass(frozen=True)
class Line:
    """One agent as a list shows them."""

    agent: Agent
    unit: str
    post: str
    status: str
    quotite: int
    contract_end: date | None
    waiting: int
    missing: bool


def lines(agents: Sequence[Any], portfolio: Agents, day: date, sources: Sources) -> list[Line]:
    """The lines of some agents (each with `contract_end`), in three statements."""
    ids = [agent.pk for agent in agents]
    placed = {
        one.agent_id: one
        for one in Assignment.objects.on(day).filter(agent__in=ids, is_main=True).select_related("unit")
    }
    held = {one.agent_id: one for one in Situation.objects.on(day).filter(agent__in=ids)}
    few = portfolio.filter(pk__in=ids)
    asked = [(source.rows(few), "owner", "waiting") for source in sources]
    asked += [(source.rows(few), source.field, "missing") for source in missing_sources()]
    told = _together(asked)
    waiting = Counter(agent for agent, kind in told if kind == "waiting")
    missing = {agent for agent, kind in told if kind == "missing"}
    return [
        Line(
            agent,
            placed[agent.pk].unit.label if agent.pk in placed else "",
            placed[agent.pk].post if agent.pk in placed else "",
            str(held[agent.pk].get_status_display()) if agent.pk in held else "",
            int(held[agent.pk].quotite) if agent.pk in held else 0,
            agent.contract_end,
            waiting[agent.pk],
            agent.pk in missing,
        )
        for agent in agents
    ]


def _together(asked: Sequence[tuple[QuerySet[Any], str, str]]) -> list[tuple[int, str]]:
    """The agents that several queries name, each as often as it comes and with what for, in one statement."""
    queries = [rows.order_by().values_list(field, Value(kind, output_field=CharField())) for rows, field, kind in asked]
    if not queries:
        return []
    first, *others = queries
    return list(first.union(*others, all=True)) if others else list(first)


@dataclass(frozen=True)
class Waiting:
    """One request of any service that waits for an answer."""

    source: WaitingSource
    key: UUID
    reference: str
    owner: int
    name: str
    matricule: str
    submitted_at: datetime
    promised_on: date | None

    @property
    def url(self) -> str:
        return self.source.address(self.key)


def waiting_rows(
    portfolio: Agents, sources: Sources, *, service: str = "", late: bool = False, day: date, start: int = 0, count: int
) -> list[Waiting]:
    """The requests of all services, or of one, the oldest first: each gives its own oldest, and they are merged."""
    wanted = {source.key: source for source in sources if service in ("", source.key)}
    queries = []
    for source in wanted.values():
        rows = source.rows(None).filter(owner__in=_FOUND_ONCE)
        if late:
            rows = rows.filter(promised_on__lt=day)
        queries.append(
            rows.annotate(told_by=Value(source.key, output_field=CharField()), who=_full_name())
            .order_by("submitted_at", "pk")
            .values_list(
                "told_by", "pk", "reference", "owner", "who", "owner__matricule", "submitted_at", "promised_on"
            )[: start + count]
        )
    if not queries:
        return []
    first, *others = queries
    merged = first.union(*others, all=True).order_by("submitted_at", "pk") if others else first
    found = _asked(portfolio, *_sql(merged[start : start + count]))
    return [Waiting(wanted[row[0]], *row[1:]) for row in found]


# The agents of the portfolio, found once in a statement that asks each service about them.
_FOUND_ONCE = RawSQL("SELECT id FROM portfolio", [])


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    text, values = rows.query.get_compiler(connection=connection).as_sql()
    return text, tuple(values)


def _asked(portfolio: Agents, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement answers that reads `_FOUND_ONCE`: the perimeter is walked once, not once a service."""
    inside, params = _sql(portfolio.order_by().values("id"))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH portfolio AS MATERIALIZED ({inside}) {text}", [*params, *values])  # the ORM wrote both
        return list(cursor.fetchall())


def _full_name() -> Func:
    shown = Func(F("owner__usage_name"), Value(""), function="NULLIF", output_field=CharField())
    last = Coalesce(shown, F("owner__last_name"), output_field=CharField())
    return Func(
        F("owner__first_name"), Value(" "), Cast(last, CharField()), function="CONCAT", output_field=CharField()
    )


@dataclass(frozen=True)
class Count:
    """How many requests of a service wait, and how many are late."""

    source: WaitingSource
    waiting: int
    late: int


def counts(portfolio: Agents, day: date, sources: Sources) -> list[Count]:
    """For each service, in one statement."""
    parts, values = [], []
    for rank, source in enumerate(sources):
        rows, params = _sql(source.rows(None).filter(owner__in=_FOUND_ONCE).order_by().values("promised_on"))
        counted = "count(*), count(*) FILTER (WHERE promised_on < %s)"
        parts.append(f"SELECT {rank}, {counted} FROM ({rows}) AS asked")  # noqa: S608  # the ORM wrote it
        values += [day, *params]
    found = _asked(portfolio, " UNION ALL ".join(parts), values) if parts else []
    return [Count(sources[rank], waiting, late) for rank, waiting, late in sorted(found)]


@dataclass(frozen=True)
class Alert:
    """Something that comes to its end for an agent."""

    kind: str
    agent: Agent
    label: str
    day: date


class Ending(NamedTuple):
    """An alert before its agent is loaded; in the order of a list."""

    day: date
    sort_name: str
    agent: int
    kind: str
    label: str


def endings(portfolio: Agents, day: date, ahead: int) -> list[Ending]:
    """Ends of contract, licences and certifications that end within some days, the nearest first; two statements."""
    last = day + timedelta(days=ahead)
    over = ending(ending_between(portfolio, day, last), day).values_list("contract_end", "sort_name", "pk")
    found = [Ending(ends, name, agent, "contract", "") for ends, name, agent in over]
    return sorted([*found, *_held(portfolio, day, last)])


def alerts_of(found: Sequence[Ending]) -> list[Alert]:
    """Some of them, with their agents, in one statement."""
    known = Agent.objects.in_bulk({one.agent for one in found}) if found else {}
    return [Alert(one.kind, known[one.agent], one.label, one.day) for one in found]


def alerts_about(line: Line, day: date, ahead: int) -> list[Alert]:
    """What ends for one agent within some days, contract included, the nearest first; one statement."""
    agent, last = line.agent, day + timedelta(days=ahead)
    found = _held(Agent.objects.filter(pk=agent.pk), day, last)
    if line.contract_end is not None and day <= line.contract_end <= last:
        found.append(Ending(line.contract_end, agent.sort_name, agent.pk, "contract", ""))
    return [Alert(one.kind, agent, one.label, one.day) for one in sorted(found)]


def _held(portfolio: Agents, day: date, last: date) -> list[Ending]:
    """What the agents hold that ends between two days, in one statement."""
    sources = expiry_sources()
    queries = [
        source.rows(portfolio, day, last)
        .order_by()
        .values_list("expires_on", "agent__sort_name", "agent", source.named, Value(rank, output_field=IntegerField()))
        for rank, source in enumerate(sources)
    ]
    if not queries:
        return []
    first, *others = queries
    rows = first.union(*others, all=True) if others else first
    return [Ending(ends, name, agent, str(sources[rank].label), label) for ends, name, agent, label, rank in rows]
