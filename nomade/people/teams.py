"""For whom somebody decides on a day, asked of the database in one statement whatever the size of the organisation.

Django's own conditions for it took the planner longer than the answer: two joins a unit led, on each page.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

# acting: oneself, and those who gave their delegation.
# below: the units under those that an acting person heads, each with the heads above it, the nearest first.
# Then three ways to be of the team, in the order of `access.supervisor_of`: named by the assignment; the nearest head
# is acting; one is that nearest head oneself, and the next one above is acting.
_TEAM = """
WITH acting AS (
    SELECT %(me)s::bigint AS id
    UNION
    SELECT giver_id FROM people_delegation
    WHERE receiver_id = %(me)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
), below AS MATERIALIZED (
    SELECT unit.id, ARRAY(
        SELECT above.head_id
        FROM generate_series(cardinality(unit.codes), 1, -1) AS depth
        JOIN people_orgunit above ON above.path = array_to_string(unit.codes[1:depth], '/')
        WHERE above.head_id IS NOT NULL
        ORDER BY depth DESC
    ) AS heads
    FROM (
        SELECT DISTINCT under.id, string_to_array(under.path, '/') AS codes
        FROM people_orgunit led
        JOIN people_orgunit under ON under.path = led.path OR under.path LIKE led.path || '/%%'
        WHERE led.head_id IN (SELECT id FROM acting)
    ) unit
), placed AS NOT MATERIALIZED (
    SELECT agent_id, unit_id, supervisor_id, NULLIF(supervisor_id, agent_id) AS named FROM people_assignment
    WHERE is_main AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
)
SELECT agent_id FROM placed WHERE supervisor_id IN (SELECT id FROM acting) AND named IS NOT NULL
UNION
SELECT agent_id FROM below JOIN placed ON unit_id = below.id
WHERE heads[1] IN (SELECT id FROM acting) AND agent_id <> heads[1] AND named IS NULL
UNION
SELECT agent_id FROM below JOIN placed ON agent_id = heads[1] AND unit_id = below.id
WHERE named IS NULL AND (
    SELECT head FROM unnest(heads) WITH ORDINALITY AS up(head, rank) WHERE head <> agent_id ORDER BY rank LIMIT 1
) IN (SELECT id FROM acting)
"""


def team_of(agent_id: int, day: date) -> list[int]:
    """The agents for whom somebody decides, as supervisor or by delegation; never oneself."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAM, {"me": agent_id, "day": day})
        return [found for (found,) in cursor.fetchall() if found != agent_id]
