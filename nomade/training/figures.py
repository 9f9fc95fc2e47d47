"""Figures: what participants thought of a session, and a year of training by category, sex and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy

from nomade.training.models import Evaluation, LaterEvaluation, OutsideRequest, OutsideState, TrainingSession

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


def opinions_of(session: TrainingSession) -> Opinions:
    """The evaluations of a session."""
    found = Evaluation.objects.filter(enrolment__session=session)
    totals = found.aggregate(count=Count("pk"), **{name: Avg(name) for name in QUESTIONS})
    if not totals["count"]:
        return Opinions(0, [], [])
    comments = list(found.exclude(comment="").order_by("comment").values_list("comment", flat=True))
    return Opinions(totals["count"], [(str(said), totals[name]) for name, said in QUESTIONS.items()], comments)


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
    for side, label in LaterEvaluation.Side.choices:
        answers = found.filter(side=side)
        totals = answers.aggregate(count=Count("pk"), **{name: Avg(name) for name in LATER_QUESTIONS})
        if totals["count"]:
            means = [(str(said), totals[name]) for name, said in LATER_QUESTIONS.items()]
            told = answers.exclude(comment="").order_by("comment").values_list("comment", flat=True)
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
class Year:
    """A year of training."""

    by_category: list[Row]
    by_sex: list[Row]
    by_unit: list[Row]
    by_kind: list[Row]
    sessions: int
    seats: int
    seated: int
    asked: int
    refused: int
    cost: Decimal

    @property
    def fill_rate(self) -> float:
        """Seats taken of those there were, in percent."""
        return round(100 * self.seated / self.seats, 1) if self.seats else 0.0

    @property
    def refusal_rate(self) -> float:
        """Requests refused of those that were decided, in percent."""
        return round(100 * self.refused / self.asked, 1) if self.asked else 0.0


_GROUPS = """
WITH followed AS (
    SELECT credit.minutes, enrolment.owner_id, course.kind, last.day
    FROM training_credit credit
    JOIN training_enrolment enrolment ON enrolment.id = credit.enrolment_id
    JOIN training_trainingsession session ON session.id = enrolment.session_id
    JOIN training_course course ON course.id = session.course_id
    JOIN LATERAL (SELECT max(day) AS day FROM training_slot WHERE session_id = session.id) last ON true
    WHERE credit.minutes > 0 AND last.day BETWEEN %(first)s AND %(last)s
), known AS (
    SELECT followed.*, situation.category, agent.civility, split_part(unit.path, '/', 1) AS top
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
    coalesce(category, civility, top, kind, ''), count(DISTINCT owner_id), sum(minutes)
FROM known GROUP BY GROUPING SETS ((category), (civility), (top), (kind)) ORDER BY 1, 4 DESC, 2
"""


def year_of(first: date, last: date) -> Year:
    """The figures of the sessions that ended between two days; four statements whatever their number."""
    groups: dict[str, list[Row]] = {"category": [], "sex": [], "unit": [], "kind": []}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"first": first, "last": last})
        for group, label, people, minutes in cursor.fetchall():
            groups[group].append(Row(label, people, int(minutes)))
        cursor.execute(_SEATS, {"first": first, "last": last})
        sessions, seats, seated, cost = cursor.fetchone()
        cursor.execute(_DECIDED, {"first": first, "last": last})
        asked, refused = cursor.fetchone()
    outside = OutsideRequest.objects.filter(first_day__range=(first, last)).aggregate(
        decided=Count("pk", filter=Q(state__in=(OutsideState.APPROVED, OutsideState.REFUSED))),
        refused=Count("pk", filter=Q(state=OutsideState.REFUSED)),
    )
    return Year(
        by_category=groups["category"],
        by_sex=groups["sex"],
        by_unit=groups["unit"],
        by_kind=groups["kind"],
        sessions=sessions,
        seats=seats or 0,
        seated=seated or 0,
        asked=asked + outside["decided"],
        refused=refused + outside["refused"],
        cost=cost or Decimal(0),
    )


_SEATS = """
SELECT count(*), sum(session.max_seats), sum(taken.count), sum(taken.count * course.cost)
FROM training_trainingsession session
JOIN training_course course ON course.id = session.course_id
JOIN LATERAL (SELECT max(day) AS day FROM training_slot WHERE session_id = session.id) last ON true
JOIN LATERAL (SELECT count(*) AS count FROM training_enrolment
    WHERE session_id = session.id AND state = 'approved' AND seat = 'held') taken ON true
WHERE session.state <> 'cancelled' AND last.day BETWEEN %(first)s AND %(last)s
"""

_DECIDED = """
SELECT count(*), count(*) FILTER (WHERE state = 'refused') FROM training_enrolment
WHERE decided_at::date BETWEEN %(first)s AND %(last)s AND state IN ('approved', 'refused')
"""
