"""The whole of an import: one function says what would change, another does it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from nomade.people.importing.agents import AgentsPlan, Change, Options, plan_agents, plan_departures
from nomade.people.importing.applying import finish_units, write_agents, write_units
from nomade.people.importing.faults import Faults, Faulty
from nomade.people.importing.known import Known, read_people, read_periods
from nomade.people.importing.lines import (
    AGENT_COLUMNS,
    UNIT_COLUMNS,
    AgentLine,
    UnitLine,
    read_agents,
    read_units,
)
from nomade.people.importing.reading import joined, open_table
from nomade.people.importing.units import UnitsPlan, existing_nodes, plan_units
from nomade.people.models import Agent, RoleGrant
from nomade.people.roles import Role


@dataclass(frozen=True)
class Source:
    """A file to import: its name, for the report, and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Plan:
    """What an import would change; nothing is written yet."""

    known: Known
    units: UnitsPlan
    agents: AgentsPlan
    notices: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many of each, for the report and the journal."""
        return {
            "agents_created": len(self.agents.created),
            "agents_updated": len(self.agents.touched) - len(set(self.agents.left) & self.agents.touched),
            "agents_left": len(self.agents.left),
            "agents_unchanged": self.agents.unchanged,
            "units_created": len(self.units.created),
            "units_updated": len(self.units.updated) - len(self.units.closed),
            "units_closed": len(self.units.closed),
        }

    def changes(self) -> list[Change]:
        units = [Change(n.line, n.path, _("unité créée")) for n in self.units.created]
        closed = {id(node) for node in self.units.closed}
        units += [Change(n.line, n.path, _("unité modifiée")) for n in self.units.updated if id(n) not in closed]
        units += [Change(0, n.path, _("unité absente du fichier, fermée")) for n in self.units.closed]
        return [*units, *self.agents.changes]


@dataclass
class Applied:
    """What an import did: the agents it made, to whom an account is due, and those whose login changed."""

    created: list[Agent]
    renamed: list[int]


def lock_imports() -> None:
    """One import at a time: the second waits, then plans from what the first left. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nomade.people.import'))")


@transaction.atomic
def plan_import(agents: Source | None, units: Source | None, options: Options) -> Plan:
    """Reads, checks and compares; raises `Faulty` with every fault found, and changes nothing."""
    lock_imports()
    notices: list[str] = []
    faults: list[Faults] = []
    unit_lines = _unit_lines(units, faults, notices) if units else []
    agent_lines = _agent_lines(agents, faults, notices) if agents else []
    known = read_people()
    matricules = set(known.ids) | {line.matricule for line in agent_lines}
    unit_faults = faults[0] if units else Faults()
    close = options.on - timedelta(days=1) if options.complete and units else None
    unit_plan = plan_units(unit_lines, existing_nodes(known.matricules), matricules, unit_faults, close=close)
    read_periods(known, unit_plan.paths)
    agent_faults = faults[-1] if agents else Faults()
    agent_plan = plan_agents(agent_lines, known, unit_plan, agent_faults, options)
    if options.complete and agents and not agent_faults:
        plan_departures(agent_plan, agent_lines, known, _administrators(options), agent_faults, options)
    _check_closed_units(agent_plan, known, unit_plan, unit_faults, options)
    found = [fault for some in faults for fault in some.listed()]
    if found:
        raise Faulty(found)
    return Plan(known, unit_plan, agent_plan, notices)


def apply_plan(plan: Plan) -> Applied:
    """Writes a plan in the transaction in which it was made."""
    paths = write_units(plan.units)
    # An agent who leaves with the unit that closes: the row still names it.
    closing = {node.path: node.id for node in plan.units.closed if node.id}
    created = write_agents(plan.agents, plan.known, closing | paths)
    finish_units(plan.units, paths, plan.known.ids)
    renamed = [plan.known.ids[m] for m, differs in plan.agents.updated.items() if "login" in differs]
    return Applied(created, renamed)


def _unit_lines(source: Source, faults: list[Faults], notices: list[str]) -> list[UnitLine]:
    table = open_table(source.content, UNIT_COLUMNS, source.name)
    faults.append(Faults(source.name))
    _notice(table.unknown, source.name, notices)
    return read_units(table, faults[-1])


def _agent_lines(source: Source, faults: list[Faults], notices: list[str]) -> list[AgentLine]:
    table = open_table(source.content, AGENT_COLUMNS, source.name)
    faults.append(Faults(source.name))
    _notice(table.unknown, source.name, notices)
    absent = [name for name in AGENT_COLUMNS.known if name not in table.present]
    if absent:
        notices.append(
            _("%(file)s : colonnes absentes, ce que le portail sait déjà est gardé : %(names)s.")
            % {"file": source.name, "names": joined(absent)}
        )
    return read_agents(table, faults[-1], settings.NOMADE.mail_domain)


def _notice(unknown: list[str], file: str, notices: list[str]) -> None:
    if unknown:
        notices.append(
            _("%(file)s : colonnes inconnues, laissées de côté : %(names)s.") % {"file": file, "names": joined(unknown)}
        )


def _administrators(options: Options) -> set[str]:
    """Those who keep the portal running are often not in the payroll's file."""
    held = RoleGrant.objects.on(options.on).filter(role=Role.ADMINISTRATOR)
    return set(held.values_list("agent__matricule", flat=True))


def _check_closed_units(agents: AgentsPlan, known: Known, units: UnitsPlan, faults: Faults, options: Options) -> None:
    """A unit closes once nobody works there any more."""
    closing = {node.path for node in units.closed}
    if not closing:
        return
    holders: dict[str, str] = {}
    for pk, periods in known.assignments.items():
        matricule = known.matricules[pk]
        after = {step.period.id: step for step in agents.assignments.get(matricule, [])}
        for period in periods:
            step = after.get(period.id)
            ends = step.period.last if step else period.last
            gone = bool(step and step.remove)
            if period.values["unit"] in closing and not gone and (ends is None or ends >= options.on):
                holders.setdefault(period.values["unit"], matricule)
    for path, matricule in holders.items():
        expected = _("absente du fichier, mais l’agent %(matricule)s y est encore affecté.") % {"matricule": matricule}
        faults.add(0, path, "", expected)
