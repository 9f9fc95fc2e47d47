"""What somebody is to others on a day: leader or not, roles held, team. One statement each, whatever the organisation.

Django's own conditions for it took the planner longer than the answer: two joins a unit led, on each page. Who leads
nobody is known at once, and their pages ask nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from nomade.kernel.prepared import prepared_cursor
from nomade.people.models import Agent

Answer = TypeVar("Answer")
_KEPT = "_answers_of_this_request"


def remember(agent: Agent) -> None:
    """From now on this very object is asked about once: for the agent of a request, which does not outlive it."""
    setattr(agent, _KEPT, {})


def once(agent: Agent, key: tuple[Any, ...], ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers: asked once for the agent of a request, each time for anybody else."""
    known: dict[tuple[Any, ...], Any] | None = getattr(agent, _KEPT, None)
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return cast(Answer, known[key])


def keep(agent: Agent, key: tuple[Any, ...], answer: Any) -> None:
    """Spares the agent of a request a question whose answer came with another one."""
    known: dict[tuple[Any, ...], Any] | None = getattr(agent, _KEPT, None)
    if known is not None:
        known[key] = answer


@dataclass(frozen=True)
class Standing:
    """`leads`: heads a unit, is named as a supervisor, or holds a delegation. `grants`: roles, each with its perimeter.

    A perimeter is the path of a unit, or nothing for the whole organisation. Then the main assignment and the situation
    of the day; empty strings outside any.
    """

    leads: bool
    grants: tuple[tuple[str, str], ...]
    unit_path: str = ""
    place: str = ""
    status: str = ""
    category: str = ""

    @property
    def roles(self) -> frozenset[str]:
        """The roles held, whatever their perimeter."""
        return frozenset(role for role, _path in self.grants)

    def perimeters(self, role: str) -> list[str]:
        """The paths of the units over which a role is held; an empty one stands for the whole organisation."""
        return [path for held, path in self.grants if held == role]

    @property
    def unit_paths(self) -> list[str]:
        """The path of the unit and of each one above."""
        codes = self.unit_path.split("/") if self.unit_path else []
        return ["/".join(codes[:depth]) for depth in range(1, len(codes) + 1)]


_STANDING = """
SELECT EXISTS (SELECT FROM people_orgunit WHERE head_id = %(me)s)
    OR EXISTS (SELECT FROM people_assignment WHERE supervisor_id = %(me)s)
    OR EXISTS (SELECT FROM people_delegation WHERE receiver_id = %(me)s AND valid_to >= %(day)s),
    ARRAY (SELECT ARRAY[role, COALESCE(unit.path, '')]
        FROM people_rolegrant held LEFT JOIN people_orgunit unit ON unit.id = held.perimeter_id
        WHERE agent_id = %(me)s AND held.valid_from <= %(day)s AND (held.valid_to IS NULL OR held.valid_to >= %(day)s)),
    (SELECT ARRAY[unit.path, placed.place] FROM people_assignment placed JOIN people_orgunit unit ON unit.id = unit_id
        WHERE agent_id = %(me)s AND is_main
            AND placed.valid_from <= %(day)s AND (placed.valid_to IS NULL OR placed.valid_to >= %(day)s)),
    (SELECT ARRAY[status, category] FROM people_situation
        WHERE agent_id = %(me)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s))
"""


def standing_of(agent: Agent, day: date) -> Standing:
    """What pages ask first; `leads` may be wide (a post of last year), `team_of` is exact."""

    def ask() -> Standing:
        with prepared_cursor() as cursor:
            cursor.execute(_STANDING, {"me": agent.pk, "day": day})
            leads, grants, placed, situation = cursor.fetchone()
        return Standing(
            leads, tuple((role, path) for role, path in grants), *(placed or ("", "")), *(situation or ("", ""))
        )

    return once(agent, ("standing", day), ask)


# acting: oneself and those who gave their delegation, or a given set of people.
# below: the units under those that an acting person heads, each with the heads above it, the nearest first.
# Then three ways to be of the team, in the order of `access.supervisor_of`: named by the assignment; the nearest head
# is acting; one is that nearest head oneself, and the next one above is acting. Each with whether they may lead others.
_TEAM = """
WITH acting AS (
    SELECT unnest(%(acting)s::bigint[]) AS id
    UNION
    SELECT giver_id FROM people_delegation
    WHERE receiver_id = %(receiver)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
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
SELECT agent_id,
    EXISTS (SELECT FROM people_orgunit WHERE head_id = team.agent_id)
    OR EXISTS (SELECT FROM people_assignment WHERE supervisor_id = team.agent_id)
FROM (
SELECT agent_id FROM placed WHERE supervisor_id IN (SELECT id FROM acting) AND named IS NOT NULL
UNION
SELECT agent_id FROM below JOIN placed ON unit_id = below.id
WHERE heads[1] IN (SELECT id FROM acting) AND agent_id <> heads[1] AND named IS NULL
UNION
SELECT agent_id FROM below JOIN placed ON agent_id = heads[1] AND unit_id = below.id
WHERE named IS NULL AND (
    SELECT head FROM unnest(heads) WITH ORDINALITY AS up(head, rank) WHERE head <> agent_id ORDER BY rank LIMIT 1
) IN (SELECT id FROM acting)
) team
"""


def team_of(agent: Agent, day: date) -> list[int]:
    """The agents for whom somebody decides, as supervisor or by delegation; never oneself."""
    if not standing_of(agent, day).leads:
        return []
    return list(_team_of(agent, day))


def team_below(agent: Agent, day: date) -> list[int]:
    """The agents whose supervisor is of the team: those whose N+2 one is, or stands in for; never oneself."""
    if not standing_of(agent, day).leads:
        return []
    leaders = [pk for pk, leads in _team_of(agent, day).items() if leads]
    return once(agent, ("below", day), lambda: list(_decided_by(leaders, None, day, but=agent.pk))) if leaders else []


def _team_of(agent: Agent, day: date) -> dict[int, bool]:
    return once(agent, ("team", day), lambda: _decided_by([agent.pk], agent.pk, day, but=agent.pk))


def _decided_by(acting: list[int], receiver: int | None, day: date, *, but: int) -> dict[int, bool]:
    with prepared_cursor() as cursor:
        cursor.execute(_TEAM, {"acting": acting, "receiver": receiver, "day": day})
        return {found: leads for found, leads in cursor.fetchall() if found != but}
