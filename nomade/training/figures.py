"""Figures: what participants thought of a session, and a year of training by category, sex and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import today
from nomade.people.models import OrgUnit
from nomade.training.models import CourseKind, Evaluation, LaterEvaluation, TrainingSession

#: A day of training, in minutes (two half-days of 3 h 30).
DAY = 420

QUESTIONS = {
    "goals": gettext_lazy("Les objectifs annoncés sont atteints"),
    "content": gettext_lazy("Le contenu m’a convenu"),
    "trainer": gettext_lazy("Le formateur était clair"),
    "usefulness": gettext_lazy("Elle me servira dans mon travail"),
}


@dataclass(frozen=True)
class Opinions:
    """What was answered: how many, the mean of each question (1 to 4), and the words, without names."""

    count: int
    means: Sequence[tuple[str, float]]
    comments: Sequence[str]


def _means(questions: Iterable[str]) -> dict[str, Avg]:
    return {f"mean_{name}": Avg(name) for name in questions}


def opinions_of(session: TrainingSession) -> Opinions:
    """The evaluations of a session."""
    found = Evaluation.objects.filter(enrolment__session=session)
    totals = found.aggregate(count=Count("pk"), **_means(QUESTIONS))
    if not totals["count"]:
        return Opinions(0, [], [])
    comments = list(found.exclude(comment="").order_by("comment").values_list("comment", flat=True))
    return Opinions(
        totals["count"], [(str(said), totals[f"mean_{name}"]) for name, said in QUESTIONS.items()], comments
    )


LATER_QUESTIONS = {
    "used": gettext_lazy("Ce qui a été appris sert"),
    "effect": gettext_lazy("Le travail en est plus facile ou meilleur"),
}


def later_opinions_of(session: TrainingSession) -> list[tuple[str, Opinions]]:
    """What is said some months later, by the participants then by who supervises them; sides that are silent are left
    out. Who supervises gives no words here: on a small team they would be about somebody.
    """
    found = LaterEvaluation.objects.filter(enrolment__session=session)
    sides = []
    grouped = found.order_by().values("side")
    totals_of = {row["side"]: row for row in grouped.annotate(count=Count("pk"), **_means(LATER_QUESTIONS))}
    for side, label in LaterEvaluation.Side.choices:
        totals = totals_of.get(side)
        if totals is not None:
            means = [(str(said), totals[f"mean_{name}"]) for name, said in LATER_QUESTIONS.items()]
            told = found.filter(side=side).exclude(comment="").order_by("comment").values_list("comment", flat=True)
            words = list(told) if side == LaterEvaluation.Side.AGENT else []
            sides.append((str(label), Opinions(totals["count"], means, words)))
    return sides


@dataclass(frozen=True)
class Row:
    """Days followed and people, of one group."""

    label: str
    people: int
    minutes: int

    @property
    def days(self) -> float:
        """Days of training, two half-days each."""
        return round(self.minutes / DAY, 1)


@dataclass(frozen=True)
class KindRow:
    """Sessions that ended, seats, requests decided and cost of one type of training."""

    label: str
    sessions: int = 0
    seats: int = 0
    seated: int = 0
    asked: int = 0
    refused: int = 0
    cost: Decimal = Decimal(0)

    @property
    def fill_rate(self) -> float:
        """Seats taken of those there were, in percent."""
        return round(100 * self.seated / self.seats, 1) if self.seats else 0.0

    @property
    def refusal_rate(self) -> float:
        """Requests refused of those that were decided, in percent."""
        return round(100 * self.refused / self.asked, 1) if self.asked else 0.0


@dataclass(frozen=True)
class Year:
    """A year of training: days followed by group, and seats, refusals and cost by type; `total` sums the types."""

    by_category: list[Row]
    by_sex: list[Row]
    by_unit: list[Row]
    by_kind: list[Row]
    kinds: list[KindRow]
    total: KindRow
    # What of the cost is outside the catalogue.
    outside_cost: Decimal


# The main assignments of who is counted: those under some units, and none when the whole city is (it needs no look).
_PLACES = """
WITH places AS (
    SELECT placed.agent_id, placed.valid_from, coalesce(placed.valid_to, 'infinity') AS valid_to
    FROM people_assignment placed JOIN people_orgunit unit ON unit.id = placed.unit_id
    WHERE placed.is_main AND EXISTS (SELECT FROM unnest(%(scopes)s::text[]) AS scope
        WHERE unit.path = scope OR starts_with(unit.path, scope || '/'))
),
"""

_GROUPS = """
followed AS (
    SELECT credit.minutes, enrolment.owner_id, course.kind, session.last_day AS day
    FROM training_credit credit
    JOIN training_enrolment enrolment ON enrolment.id = credit.enrolment_id
    JOIN training_trainingsession session ON session.id = enrolment.session_id
    JOIN training_course course ON course.id = session.course_id
    WHERE credit.minutes > 0 AND session.last_day BETWEEN %(first)s AND %(last)s
        AND (%(scopes)s::text[] IS NULL OR EXISTS (SELECT FROM places
            WHERE places.agent_id = owner_id AND session.last_day BETWEEN places.valid_from AND places.valid_to))
), known AS (
    SELECT followed.*, coalesce(situation.category, '') AS category, coalesce(agent.civility, '') AS civility,
        coalesce(array_to_string((string_to_array(unit.path, '/'))[1:%(depth)s], '/'), '') AS top
    FROM followed
    JOIN people_agent agent ON agent.id = owner_id
    LEFT JOIN people_situation situation ON situation.agent_id = owner_id
        AND situation.valid_from <= day AND (situation.valid_to IS NULL OR situation.valid_to >= day)
    LEFT JOIN people_assignment placed ON placed.agent_id = owner_id AND placed.is_main
        AND placed.valid_from <= day AND (placed.valid_to IS NULL OR placed.valid_to >= day)
    LEFT JOIN people_orgunit unit ON unit.id = placed.unit_id
)
SELECT CASE WHEN grouping(category) = 0 THEN 'category' WHEN grouping(civility) = 0 THEN 'sex'
            WHEN grouping(top) = 0 THEN 'unit' ELSE 'kind' END,
    coalesce(category, civility, top, kind), count(DISTINCT owner_id), sum(minutes)
FROM known GROUP BY GROUPING SETS ((category), (civility), (top), (kind)) ORDER BY 1, 4 DESC, 2
"""

# Sessions that ended, and their seats; decisions of the year, in the catalogue and outside; cost of both. Under some
# units: the sessions that one of their agents followed, with all their seats; cost and requests of those agents alone.
_KINDS = """
seated AS (
    SELECT session.id, session.max_seats, course.kind, course.cost, coalesce(come.count, 0) AS seated,
        coalesce(come.ours, 0) AS ours
    FROM training_trainingsession session
    JOIN training_course course ON course.id = session.course_id
    LEFT JOIN (
        SELECT session_id, count(*) AS count, count(*) FILTER (WHERE %(scopes)s::text[] IS NULL OR EXISTS (
            SELECT FROM places WHERE places.agent_id = owner_id AND last_day BETWEEN places.valid_from AND valid_to
        )) AS ours
        FROM training_enrolment enrolment JOIN training_trainingsession ended ON ended.id = session_id
        WHERE enrolment.state = 'approved' AND seat = 'held'
            AND last_day BETWEEN %(first)s AND least(%(last)s, %(today)s::date)
        GROUP BY session_id
    ) come ON come.session_id = session.id
    WHERE session.state <> 'cancelled' AND session.last_day BETWEEN %(first)s AND least(%(last)s, %(today)s::date)
), decided AS (
    SELECT owner_id, (decided_at AT TIME ZONE 'Europe/Paris')::date AS day, course.kind, enrolment.state, 0 AS cost
    FROM training_enrolment enrolment
    JOIN training_trainingsession session ON session.id = session_id
    JOIN training_course course ON course.id = course_id
    UNION ALL
    SELECT owner_id, (decided_at AT TIME ZONE 'Europe/Paris')::date,
        CASE kind WHEN 'cpf' THEN 'cpf' ELSE course_kind END, state, coalesce(cost, 0)
    FROM training_outsiderequest
)
SELECT kind, sum(sessions)::int, sum(seats)::int, sum(seated)::int, sum(asked)::int, sum(refused)::int, sum(cost),
    sum(outside)
FROM (
    SELECT kind, count(*) AS sessions, sum(max_seats) AS seats, sum(seated) AS seated, 0 AS asked, 0 AS refused,
        sum(ours * cost) AS cost, 0 AS outside
    FROM seated WHERE %(scopes)s::text[] IS NULL OR ours > 0 GROUP BY kind
    UNION ALL
    SELECT kind, 0, 0, 0, count(*), count(*) FILTER (WHERE state = 'refused'),
        coalesce(sum(cost) FILTER (WHERE state = 'approved'), 0),
        coalesce(sum(cost) FILTER (WHERE state = 'approved'), 0)
    FROM decided
    WHERE day BETWEEN %(first)s AND %(last)s AND state IN ('approved', 'refused')
        AND (%(scopes)s::text[] IS NULL OR EXISTS (SELECT FROM places
            WHERE places.agent_id = owner_id AND day BETWEEN places.valid_from AND places.valid_to))
    GROUP BY kind
) counted GROUP BY kind ORDER BY sum(seated) DESC, kind
"""

SEXES = {"Mme": gettext_lazy("Femmes"), "M.": gettext_lazy("Hommes")}


def year_of(first: date, last: date, scopes: Sequence[str] | None = None, *, depth: int = 1) -> Year:
    """The figures of a year for the agents under some units (None: all); three statements whatever their number.

    Each group of days sums to the same total. `depth` is how many codes of a path tell the units that are listed.
    """
    groups: dict[str, list[Row]] = {"category": [], "sex": [], "unit": [], "kind": []}
    facts: dict[str, Any] = {"first": first, "last": last, "today": today(), "depth": depth}
    facts["scopes"] = None if scopes is None else list(scopes)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + _GROUPS, facts)
        for group, label, people, minutes in cursor.fetchall():
            groups[group].append(Row(label, people, int(minutes)))
        cursor.execute(_PLACES + _KINDS, facts)
        kinds = [(KindRow(*row[:7]), row[7]) for row in cursor.fetchall()]
    units = dict(OrgUnit.objects.filter(path__in=[row.label for row in groups["unit"]]).values_list("path", "label"))
    return Year(
        by_category=_named(groups["category"], {}),
        by_sex=_named(groups["sex"], SEXES),
        by_unit=_named(groups["unit"], units),
        by_kind=_named(groups["kind"], dict(CourseKind.choices)),
        kinds=[replace(row, label=str(dict(CourseKind.choices).get(row.label, row.label))) for row, _cost in kinds],
        total=_total([row for row, _cost in kinds]),
        outside_cost=sum((cost for _row, cost in kinds), Decimal(0)),
    )


def total_of(rows: Sequence[Row]) -> Row:
    """The sum of a group. Somebody who changed of group in the year is counted in each."""
    return Row("", sum(row.people for row in rows), sum(row.minutes for row in rows))


def _named(rows: list[Row], names: Mapping[str, Any]) -> list[Row]:
    return [replace(row, label=str(names.get(row.label, row.label))) for row in rows]


def _total(rows: list[KindRow]) -> KindRow:
    return KindRow(
        "",
        sum(row.sessions for row in rows),
        sum(row.seats for row in rows),
        sum(row.seated for row in rows),
        sum(row.asked for row in rows),
        sum(row.refused for row in rows),
        sum((row.cost for row in rows), Decimal(0)),
    )
