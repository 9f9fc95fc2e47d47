"""Obligations of many agents at once, counted by the base: by unit, by obligation, and who is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from nomade.people.models import Assignment
from nomade.training.models import Obligation
from nomade.training.rules.obligations import RECALLS, fits_post
from nomade.training.standing import in_force

# One row an agent and an obligation that designates them. Posts are few: which of them an obligation designates is
# told by its rule, and the base only compares. The same cases as `rules.obligations.due_on`.
_OWED = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(courses)s::uuid[], %(statuses)s::text[], %(categories)s::text[],
        %(units)s::text[], %(risks)s::bigint[], %(within)s::int[], %(by_post)s::boolean[], %(asked)s::date[])
        AS row (obligation, course, status, category, unit, risk, within, by_post, asked)
), fitting AS (
    SELECT * FROM unnest(%(post_of)s::bigint[], %(posts)s::text[]) AS row (obligation, post)
), people AS (
    SELECT agent.id, agent.entry_date, unit.path, placed.post, situation.status, situation.category
    FROM people_assignment placed
    JOIN people_agent agent ON agent.id = placed.agent_id
    JOIN people_orgunit unit ON unit.id = placed.unit_id
    LEFT JOIN people_situation situation ON situation.agent_id = agent.id
        AND situation.valid_from <= %(day)s AND (situation.valid_to IS NULL OR situation.valid_to >= %(day)s)
    WHERE placed.is_main AND placed.valid_from <= %(day)s AND (placed.valid_to IS NULL OR placed.valid_to >= %(day)s)
        AND (agent.exit_date IS NULL OR agent.exit_date >= %(day)s)
        AND (%(scopes)s::text[] IS NULL OR EXISTS (
            SELECT FROM unnest(%(scopes)s::text[]) AS scope
            WHERE unit.path = scope OR starts_with(unit.path, scope || '/')
        ))
), held AS (
    SELECT DISTINCT ON (agent_id, course_id) agent_id, course_id, expires_on
    FROM training_habilitation
    WHERE course_id IN (SELECT course FROM wanted) AND obtained_on <= %(day)s
    ORDER BY agent_id, course_id, obtained_on DESC
), owed AS (
    SELECT people.id AS agent, people.path, wanted.obligation, held.agent_id IS NOT NULL AS is_held, held.expires_on,
        greatest(people.entry_date, wanted.asked, exposed.since) + wanted.within AS first_until
    FROM wanted JOIN people ON (wanted.status = '' OR wanted.status = people.status)
        AND (wanted.category = '' OR wanted.category = people.category)
        AND (wanted.unit = '' OR people.path = wanted.unit OR starts_with(people.path, wanted.unit || '/'))
        AND (NOT wanted.by_post OR (wanted.obligation, people.post) IN (SELECT obligation, post FROM fitting))
    LEFT JOIN LATERAL (SELECT min(since) AS since FROM training_exposure WHERE wanted.risk IS NOT NULL
        AND risk_id = wanted.risk AND agent_id = people.id AND since <= %(day)s
        AND (until IS NULL OR until >= %(day)s)) exposed ON true
    LEFT JOIN held ON held.agent_id = people.id AND held.course_id = wanted.course
    WHERE wanted.risk IS NULL OR exposed.since IS NOT NULL
), stood AS (
    SELECT agent, path, obligation, is_held,
        CASE WHEN is_held THEN expires_on ELSE first_until END AS until,
        CASE WHEN is_held AND expires_on IS NULL THEN 'valid'
             WHEN is_held AND expires_on < %(day)s THEN 'overdue'
             WHEN is_held AND expires_on - %(day)s::date <= %(soon)s THEN 'soon'
             WHEN is_held THEN 'valid'
             WHEN first_until >= %(day)s THEN 'due' ELSE 'overdue' END AS standing
    FROM owed
)
"""

# A line is a row of a page; the counts are asked with it, since what they cost is the same reading.
_LINES = """
, lines AS (
    SELECT row_number() OVER () AS place, page.* FROM (
        SELECT stood.agent, stood.path, stood.obligation, stood.standing, stood.until
        FROM stood JOIN people_agent agent ON agent.id = stood.agent
        WHERE standing = ANY(%(shown)s) AND (%(only)s::bigint IS NULL OR obligation = %(only)s)
        ORDER BY array_position(ARRAY['overdue', 'due', 'soon', 'valid'], standing), until, agent.sort_name, agent.id,
            obligation
        LIMIT %(limit)s OFFSET %(start)s
    ) page
)
"""
_LISTED = "SELECT agent, path, obligation, standing, until FROM lines ORDER BY place"
_OVERVIEW = """
SELECT 'line', place, agent, path, obligation, standing, until, NULL::int[] FROM lines
UNION ALL
SELECT CASE grouping(top) WHEN 0 THEN 'unit' ELSE 'kind' END, 0, NULL, top, obligation, NULL, NULL,
    ARRAY[count(*), count(*) FILTER (WHERE standing = 'overdue'), count(*) FILTER (WHERE standing = 'due'),
        count(*) FILTER (WHERE standing = 'soon'), count(*) FILTER (WHERE standing = 'valid')]::int[]
FROM (SELECT *, array_to_string((string_to_array(path, '/'))[1:%(depth)s], '/') AS top FROM stood) placed
GROUP BY GROUPING SETS ((top), (obligation))
"""


@dataclass(frozen=True)
class Count:
    """How many of a unit, or under an obligation, stand where; `key` is a path of unit or the id of an obligation."""

    key: str
    total: int
    overdue: int
    due: int
    soon: int
    valid: int

    @property
    def rate(self) -> int:
        """Those who are up to date, in percent: nothing ended and nothing is late."""
        return round(100 * (self.valid + self.soon) / self.total) if self.total else 100


@dataclass(frozen=True)
class Line:
    """An agent (by id), an obligation (by id), and where they stand."""

    agent: int
    unit: str
    obligation: int
    standing: str
    until: date | None


@dataclass(frozen=True)
class Nearing:
    """An agent (by id) who never followed an obligation (by id), and the end of the time left."""

    agent: int
    obligation: int
    until: date


@dataclass(frozen=True)
class Overview:
    """Obligations by unit and by obligation, those with the most who are late first; then a page of who stands so."""

    units: list[Count]
    kinds: list[Count]
    lines: list[Line]


def overview(
    scopes: Sequence[str] | None,
    day: date,
    *,
    depth: int,
    standings: Sequence[str],
    obligation: int | None = None,
    start: int = 0,
    limit: int = 50,
) -> Overview:
    """Counts by unit (paths cut at `depth`) and by obligation, for the agents under some units (None: the whole city),
    and who stands so, the most pressing first, a page at a time.
    """
    asked = {"depth": depth, "shown": list(standings), "only": obligation, "start": start, "limit": limit}
    rows = _rows(_LINES + _OVERVIEW, scopes, day, **asked)
    found: dict[str, list[Count]] = {"unit": [], "kind": []}
    lines = []
    for what, place, agent, path, key, standing, until, numbers in rows:
        if what == "line":
            lines.append((place, Line(agent, path, key, standing, until)))
        else:
            found[what].append(Count(path if what == "unit" else str(key), *numbers))
    for counts in found.values():
        counts.sort(key=lambda one: (-one.overdue, one.key))
    return Overview(found["unit"], found["kind"], [line for _place, line in sorted(lines, key=lambda one: one[0])])


def listed(
    scopes: Sequence[str] | None,
    day: date,
    *,
    standings: Sequence[str],
    obligation: int | None = None,
    start: int = 0,
    limit: int = 50,
) -> list[Line]:
    """Who stands so, the most pressing first, a page at a time."""
    rows = _rows(_LINES + _LISTED, scopes, day, shown=list(standings), only=obligation, start=start, limit=limit)
    return [Line(*row) for row in rows]


def nearing_first(day: date, days: int) -> list[Nearing]:
    """Those who never followed an obligation and whose time ends within some days."""
    asked = "SELECT agent, obligation, until FROM stood WHERE NOT is_held AND until BETWEEN %(day)s AND %(limit)s"
    return [Nearing(*row) for row in _rows(asked, None, day, limit=day + timedelta(days=days))]


def _rows(question: str, scopes: Sequence[str] | None, day: date, **facts: Any) -> list[tuple[Any, ...]]:
    wanted = in_force(day)
    if not wanted or (scopes is not None and not scopes):
        return []
    values = {**_wanted(wanted, day), "scopes": None if scopes is None else list(scopes), "day": day, **facts}
    with connection.cursor() as cursor:
        cursor.execute(_OWED + question, {"soon": RECALLS[0], **values})
        return list(cursor.fetchall())


def _wanted(wanted: Sequence[Obligation], day: date) -> dict[str, Any]:
    narrow = [one for one in wanted if one.posts.strip()]
    held = Assignment.objects.on(day).filter(is_main=True).values_list("post", flat=True).distinct() if narrow else []
    fitting = [(one.pk, post) for post in held for one in narrow if fits_post(one.posts, post)]
    return {
        "ids": [one.pk for one in wanted],
        "courses": [one.course_id for one in wanted],
        "statuses": [one.status for one in wanted],
        "categories": [one.category for one in wanted],
        "units": [one.unit.path if one.unit else "" for one in wanted],
        "risks": [one.risk_id for one in wanted],
        "within": [one.within_days for one in wanted],
        "asked": [one.valid_from for one in wanted],
        "by_post": [bool(one.posts.strip()) for one in wanted],
        "post_of": [obligation for obligation, _post in fitting],
        "posts": [post for _obligation, post in fitting],
    }
