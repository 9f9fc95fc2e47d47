"""Where agents stand with what they must follow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from nomade.people.models import Agent
from nomade.training.models import Exposure, Habilitation, Obligation
from nomade.training.rules.obligations import Due, Facts, Target, concerns, counts_from, due_on

WORST = {"overdue": 0, "due": 1, "soon": 2, "valid": 3}


@dataclass(frozen=True)
class Owed:
    """An obligation of an agent, and where they stand."""

    agent: Agent
    obligation: Obligation
    due: Due


def in_force(day: date) -> list[Obligation]:
    """The obligations of a day, with their units."""
    found = Obligation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return list(found.select_related("unit"))


def owed_by(agents: Iterable[Agent], day: date, *, obligations: Sequence[Obligation] | None = None) -> list[Owed]:
    """What some agents must follow, the most pressing first; three statements whatever their number."""
    people = list(agents)
    wanted = in_force(day) if obligations is None else list(obligations)
    if not people or not wanted:
        return []
    ids = [agent.pk for agent in people]
    facts = _facts_of(ids, day)
    held: dict[tuple[int, object], date | None] = {}
    courses = {one.course_id for one in wanted}
    rows = Habilitation.objects.filter(agent__in=ids, course__in=courses, obtained_on__lte=day).order_by("obtained_on")
    for agent_id, course_id, expires_on in rows.values_list("agent_id", "course_id", "expires_on"):
        held[agent_id, course_id] = expires_on
    found = []
    for agent in people:
        for one in wanted:
            about, exposed = facts[agent.pk]
            if not concerns(target_of(one), about):
                continue
            key = (agent.pk, one.course_id)
            since = counts_from(agent.entry_date, one.valid_from, exposed.get(one.risk_id) if one.risk_id else None)
            due = due_on(day, since=since, within_days=one.within_days, held=key in held, expires_on=held.get(key))
            found.append(Owed(agent, one, due))
    return sorted(found, key=lambda owed: (WORST[owed.due.standing], owed.due.until or date.max, owed.agent.sort_name))


def target_of(one: Obligation) -> Target:
    """Whom an obligation designates, as its rule reads it."""
    return Target(one.posts, one.status, one.category, one.unit.path if one.unit else "", one.risk_id)


_FACTS = """
SELECT agent.id, coalesce(placed.post, ''), coalesce(unit.path, ''), coalesce(situation.status, ''),
    coalesce(situation.category, ''), (SELECT coalesce(json_object_agg(risk_id, since), '{}')::text
        FROM (SELECT risk_id, min(since) AS since FROM training_exposure WHERE agent_id = agent.id
            AND since <= %(day)s AND (until IS NULL OR until >= %(day)s) GROUP BY risk_id) exposed)
FROM unnest(%(ids)s::bigint[]) AS agent (id)
LEFT JOIN people_assignment placed ON placed.agent_id = agent.id AND placed.is_main
    AND placed.valid_from <= %(day)s AND (placed.valid_to IS NULL OR placed.valid_to >= %(day)s)
LEFT JOIN people_orgunit unit ON unit.id = placed.unit_id
LEFT JOIN people_situation situation ON situation.agent_id = agent.id
    AND situation.valid_from <= %(day)s AND (situation.valid_to IS NULL OR situation.valid_to >= %(day)s)
"""


def _facts_of(ids: list[int], day: date) -> dict[int, tuple[Facts, dict[int, date]]]:
    """What obligations look at in some agents, and since when each works under which risk."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"ids": ids, "day": day})
        found = {}
        for agent, post, unit, status, category, exposed in cursor.fetchall():
            risks = {int(risk): date.fromisoformat(since) for risk, since in json.loads(exposed).items()}
            facts = Facts(post=post, unit=unit, status=status, category=category, risks=frozenset(risks))
            found[agent] = (facts, risks)
        return found


def exposed_on(day: date) -> QuerySet[Exposure]:
    """Who works under which risk on a day."""
    return Exposure.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
