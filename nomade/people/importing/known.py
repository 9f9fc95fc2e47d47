"""What the base holds before an import, read with a handful of queries whatever the number of agents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from nomade.people.importing.periods import Period
from nomade.people.models import Agent, Assignment, Situation, WorkCycle

AGENT_FIELDS = (
    "matricule", "login", "civility", "last_name", "first_name", "usage_name", "birth_date", "phone", "mobile",
    "personal_email", "address", "has_mailbox", "entry_date", "exit_date",
)  # fmt: skip
SITUATION_FIELDS = (
    "status", "category", "corps", "grade", "echelon", "indice_majore", "quotite", "position", "cycle",
    "weekly_minutes",
)  # fmt: skip
ASSIGNMENT_FIELDS = ("unit", "post", "place", "supervisor")


@dataclass
class Known:
    """The people of the base: values by matricule, dated rows by agent id."""

    ids: dict[str, int] = field(default_factory=dict)
    matricules: dict[int, str] = field(default_factory=dict)
    agents: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    situations: dict[int, list[Period]] = field(default_factory=lambda: defaultdict(list))
    assignments: dict[int, list[Period]] = field(default_factory=lambda: defaultdict(list))
    cycles: dict[str, int] = field(default_factory=dict)


def read_people() -> Known:
    """The agents and the work cycles; the dated rows come after the units, whose paths they need."""
    known = Known(cycles=dict(WorkCycle.objects.values_list("code", "pk")))
    for pk, *row in Agent.objects.values_list("pk", *AGENT_FIELDS).iterator(chunk_size=5000):
        known.ids[row[0]] = pk
        known.matricules[pk] = row[0]
        known.agents[row[0]] = tuple(row)
    return known


def read_periods(known: Known, paths: dict[int, str]) -> None:
    """Situations and main assignments; units are named by the path they will have, supervisors by matricule."""
    codes = {pk: code for code, pk in known.cycles.items()}
    columns = [*SITUATION_FIELDS[:-2], "cycle_id", "weekly_minutes"]
    rows = Situation.objects.order_by("agent_id", "valid_from").values_list(
        "pk", "agent_id", "valid_from", "valid_to", *columns
    )
    for pk, agent, first, last, *row in rows.iterator(chunk_size=5000):
        row[-2] = codes[row[-2]]
        known.situations[agent].append(Period(pk, first, last, dict(zip(SITUATION_FIELDS, row, strict=True))))
    placed = (
        Assignment.objects.filter(is_main=True)
        .order_by("agent_id", "valid_from")
        .values_list("pk", "agent_id", "valid_from", "valid_to", "unit_id", "post", "place", "supervisor_id")
    )
    for pk, agent, first, last, unit, post, place, supervisor in placed.iterator(chunk_size=5000):
        values = {
            # A unit closed long ago keeps its row: nothing is written back for a past period.
            "unit": paths.get(unit, f"#{unit}"),
            "post": post,
            "place": place,
            "supervisor": known.matricules.get(supervisor, "") if supervisor else "",
        }
        known.assignments[agent].append(Period(pk, first, last, values))
