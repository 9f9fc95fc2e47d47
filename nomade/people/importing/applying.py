"""Writing a plan, inside the transaction of whoever calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nomade.people.importing.agents import DEFAULT_CYCLE, AgentsPlan
from nomade.people.importing.known import AGENT_FIELDS, Known
from nomade.people.importing.periods import Step
from nomade.people.importing.units import Node, UnitsPlan, unit_values
from nomade.people.importing.writing import BATCH, update_rows
from nomade.people.models import Agent, Assignment, OrgUnit, Situation, WorkCycle

_UNIT_COLUMNS = ("code", "path", "label", "kind", "parent_id", "head_id", "valid_to")
_SITUATION_COLUMNS = (
    "valid_from", "valid_to", "status", "category", "corps", "grade", "echelon", "indice_majore", "quotite",
    "cycle_id", "weekly_minutes", "position",
)  # fmt: skip
_ASSIGNMENT_COLUMNS = ("valid_from", "valid_to", "unit_id", "post", "place", "supervisor_id")


def write_units(plan: UnitsPlan) -> dict[str, int]:
    """Creates and moves units; heads come later, once the agents exist. Returns the id of each open path."""
    if plan.updated:
        # A path may be free only once its present holder has moved: two passes, the first to a path nobody has.
        moving = {node.id or 0: {"path": f"~{node.id}"} for node in plan.updated}
        update_rows(OrgUnit, moving, ["path"])
    ids = {path: node.id for path, node in plan.nodes.items() if node.id}
    levels: defaultdict[int, list[Node]] = defaultdict(list)
    for node in plan.created:
        levels[node.path.count("/")].append(node)
    for depth in sorted(levels):
        made = [
            OrgUnit(code=n.code, path=n.path, label=n.label, kind=n.kind, parent_id=ids.get(n.parent_path))
            for n in levels[depth]
        ]
        for unit in OrgUnit.objects.bulk_create(made, batch_size=BATCH):
            ids[unit.path] = unit.pk
    return ids


def finish_units(plan: UnitsPlan, ids: Mapping[str, int], agents: Mapping[str, int]) -> None:
    """Puts every changed unit at its place, with its head."""
    rows = {
        (node.id or ids[node.path]): unit_values(node, ids.get(node.parent_path), agents.get(node.head))
        for node in [*plan.updated, *(node for node in plan.created if node.head)]
    }
    for node in plan.closed:
        # Its path may serve again, for a new unit of the same code; the closed one keeps it with its last day.
        rows[node.id or 0]["path"] = f"{node.path}@{node.valid_to}"
        rows[node.id or 0]["parent_id"] = None
    update_rows(OrgUnit, rows, _UNIT_COLUMNS)


def write_agents(plan: AgentsPlan, known: Known, units: Mapping[str, int]) -> list[Agent]:
    """Writes agents, then their dated rows. Returns the created ones."""
    created = [Agent(**values) for values in plan.created.values()]
    for agent in created:
        agent.fill_names()
    made = Agent.objects.bulk_create(created, batch_size=BATCH)
    known.ids.update({agent.matricule: agent.pk for agent in made})
    _update_agents(plan, known)
    cycles = _cycles(plan, known)

    def situation(values: Mapping[str, Any]) -> dict[str, Any]:
        row = dict(values)
        row["cycle_id"] = cycles[row.pop("cycle")]
        return row

    def assignment(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "unit_id": units[values["unit"]] if not values["unit"].startswith("#") else int(values["unit"][1:]),
            "post": values["post"],
            "place": values["place"],
            "supervisor_id": known.ids[values["supervisor"]] if values["supervisor"] else None,
        }

    _write_steps(Situation, plan.situations, known, situation, _SITUATION_COLUMNS)
    _write_steps(Assignment, plan.assignments, known, assignment, _ASSIGNMENT_COLUMNS)
    return made


def _update_agents(plan: AgentsPlan, known: Known) -> None:
    rows: dict[int, dict[str, Any]] = {}
    for matricule, differs in plan.updated.items():
        values = {**dict(zip(AGENT_FIELDS, known.agents[matricule], strict=True)), **differs}
        agent = Agent(**values)
        agent.fill_names()
        rows[known.ids[matricule]] = {**values, "search_name": agent.search_name, "sort_name": agent.sort_name}
    changed = {known.ids[matricule] for matricule, differs in plan.updated.items() if "login" in differs}
    # Two agents may exchange their logins: free the old ones first.
    update_rows(Agent, {pk: {"login": f"~{pk}"} for pk in changed}, ["login"])
    update_rows(Agent, rows, [*AGENT_FIELDS, "search_name", "sort_name"])
    unproved = [known.ids[m] for m, differs in plan.updated.items() if "personal_email" in differs]
    if unproved:
        Agent.objects.filter(pk__in=unproved, personal_email_confirmed=True).update(personal_email_confirmed=False)


def _cycles(plan: AgentsPlan, known: Known) -> dict[str, int]:
    """The ids of the cycles that the steps name; a week of seven signs becomes a cycle of that name."""
    wanted = {step.period.values["cycle"] for steps in plan.situations.values() for step in steps if not step.remove}
    missing = sorted(wanted - known.cycles.keys())
    weeks = {DEFAULT_CYCLE: "1111100"}
    made = WorkCycle.objects.bulk_create([WorkCycle(code=code, weeks=[weeks.get(code, code)]) for code in missing])
    return known.cycles | {cycle.code: cycle.pk for cycle in made}


def _write_steps(
    model: type[Situation | Assignment],
    steps_of: Mapping[str, list[Step]],
    known: Known,
    convert: Any,
    columns: tuple[str, ...],
) -> None:
    removed: list[int | None] = []
    changed: dict[int, dict[str, Any]] = {}
    opened: list[Any] = []
    for matricule, steps in steps_of.items():
        for step in steps:
            period = step.period
            if step.remove:
                removed.append(period.id)
                continue
            row = {**convert(period.values), "valid_from": period.first, "valid_to": period.last}
            if period.id is None:
                opened.append(model(agent_id=known.ids[matricule], **row))
            else:
                changed[period.id] = row
    if removed:
        model._default_manager.filter(pk__in=removed).delete()  # noqa: SLF001
    update_rows(model, changed, columns)
    model._default_manager.bulk_create(opened, batch_size=BATCH)  # noqa: SLF001
