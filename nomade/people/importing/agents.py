"""What a file of agents changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from nomade.people.importing.faults import Faults
from nomade.people.importing.known import AGENT_FIELDS, Known
from nomade.people.importing.lines import AgentLine, agent_fields
from nomade.people.importing.periods import Period, Step, fit
from nomade.people.importing.units import UnitsPlan
from nomade.people.importing.values import ONE_WEEK
from nomade.people.models import Position

DEFAULT_CYCLE = "LMMJV"
_COLUMN = {field.name: field.column for field in agent_fields("")}
_SITUATION_DEFAULTS: Mapping[str, Any] = {
    "category": "", "corps": "", "grade": "", "echelon": "", "indice_majore": None, "quotite": Decimal(100),
    "cycle": DEFAULT_CYCLE, "weekly_minutes": 35 * 60, "position": str(Position.ACTIVE),
}  # fmt: skip
_ASSIGNMENT_DEFAULTS: Mapping[str, Any] = {"post": "", "place": "", "supervisor": ""}


@dataclass(frozen=True)
class Options:
    """How a file is to be understood."""

    on: date
    # Whoever is not in the file has left, and a unit that is not in its file is closed.
    complete: bool = False
    # A unit that only the file of agents names is created, with its code as label.
    create_units: bool = False
    allow_mass_exit: bool = False


@dataclass(frozen=True)
class Change:
    """One line of the report."""

    line: int
    subject: str
    text: str


@dataclass
class AgentsPlan:
    """What is to be written, by matricule."""

    created: dict[str, dict[str, Any]] = field(default_factory=dict)
    updated: dict[str, dict[str, Any]] = field(default_factory=dict)
    situations: dict[str, list[Step]] = field(default_factory=dict)
    assignments: dict[str, list[Step]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)


def plan_agents(lines: list[AgentLine], known: Known, units: UnitsPlan, faults: Faults, options: Options) -> AgentsPlan:
    """What the lines change, all checks made against the base and the other lines."""
    _check_logins(lines, known, faults)
    _check_units(lines, units, faults, options)
    _check_cycles(lines, known, faults)
    _check_supervisors(lines, known, faults, options.on)
    plan = AgentsPlan()
    if faults:
        return plan
    for line in lines:
        _plan_line(plan, line, known, options.on)
    return plan


def _plan_line(plan: AgentsPlan, line: AgentLine, known: Known, on: date) -> None:
    matricule = line.matricule
    row = known.agents.get(matricule)
    before = dict(zip(AGENT_FIELDS, row, strict=True)) if row else {}
    differs = {name: value for name, value in line.agent.items() if not before or before[name] != value}
    after = {**before, **line.agent}
    pk = known.ids.get(matricule, 0)
    dates = {
        "on": on,
        "entry": after["entry_date"],
        "leaving": after.get("exit_date"),
        "known_leaving": before.get("exit_date"),
    }
    situations = _with_defaults(_SITUATION_DEFAULTS, known.situations.get(pk, []), line.situation)
    assignments = _with_defaults(_ASSIGNMENT_DEFAULTS, known.assignments.get(pk, []), line.assignment)
    steps = (fit(*situations, **dates), fit(*assignments, **dates))
    if not before:
        plan.created[matricule] = differs
        plan.changes.append(
            Change(line.line, _name(after), _("entre le %(day)s") % {"day": _shown(after["entry_date"])})
        )
    elif differs:
        plan.updated[matricule] = differs
    for target, found in zip((plan.situations, plan.assignments), steps, strict=True):
        if found:
            target[matricule] = found
    if not before:
        return
    if not differs and not any(steps):
        plan.unchanged += 1
        return
    plan.touched.add(matricule)
    leaving = after.get("exit_date")
    if leaving != before["exit_date"] and leaving is not None:
        plan.left.append(matricule)
    plan.changes.append(Change(line.line, _name(after), _told(before, differs, situations[0], assignments[0], line)))


def _with_defaults(
    defaults: Mapping[str, Any], periods: list[Period], wanted: Mapping[str, Any]
) -> tuple[list[Period], Mapping[str, Any]]:
    """A first row needs every value; a later one keeps those that the file does not give."""
    return periods, (wanted if periods else {**defaults, **wanted})


def _name(values: Mapping[str, Any]) -> str:
    return f"{values['first_name']} {values.get('usage_name') or values['last_name']} ({values['matricule']})"


def _told(
    before: Mapping[str, Any],
    differs: Mapping[str, Any],
    situations: list[Period],
    assignments: list[Period],
    line: AgentLine,
) -> str:
    """« quotite : 100 → 80, unite : A → B »."""
    said = [f"{_COLUMN[name]} : {_shown(before[name])} → {_shown(value)}" for name, value in differs.items()]
    for periods, wanted in ((situations, line.situation), (assignments, line.assignment)):
        last = periods[-1].values if periods else {}
        said += [
            f"{_COLUMN[name]} : {_shown(last.get(name))} → {_shown(value)}"
            for name, value in wanted.items()
            if last.get(name) != value
        ]
    return ", ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return _("(vide)") if value in (None, "") else str(value)


def plan_departures(
    plan: AgentsPlan, lines: list[AgentLine], known: Known, kept: set[str], faults: Faults, options: Options
) -> None:
    """The file is complete: those who are not in it left the day before; `kept` never leave this way."""
    in_file = {line.matricule for line in lines}
    last = options.on - timedelta(days=1)
    entry, leaving = AGENT_FIELDS.index("entry_date"), AGENT_FIELDS.index("exit_date")
    present = [m for m, row in known.agents.items() if row[entry] <= last and (not row[leaving] or row[leaving] > last)]
    absent = [matricule for matricule in present if matricule not in in_file and matricule not in kept]
    if len(absent) > max(10, len(present) // 10) and not options.allow_mass_exit:
        expected = _("%(gone)s agents sur %(all)s en seraient absents et sortiraient : le fichier est-il complet ?")
        faults.add(0, "", "", expected % {"gone": len(absent), "all": len(present)})
        return
    for matricule in absent:
        before = dict(zip(AGENT_FIELDS, known.agents[matricule], strict=True))
        dates = {"on": options.on, "entry": before["entry_date"], "leaving": last}
        pk = known.ids[matricule]
        plan.updated[matricule] = {"exit_date": last}
        plan.situations[matricule] = fit(known.situations.get(pk, []), {}, **dates)
        plan.assignments[matricule] = fit(known.assignments.get(pk, []), {}, **dates)
        plan.left.append(matricule)
        plan.changes.append(Change(0, _name(before), _("absent du fichier, sort le %(day)s") % {"day": _shown(last)}))


def _check_logins(lines: list[AgentLine], known: Known, faults: Faults) -> None:
    in_file = {line.matricule for line in lines}
    login = AGENT_FIELDS.index("login")
    taken = {row[login]: matricule for matricule, row in known.agents.items() if matricule not in in_file}
    for line in lines:
        holder = taken.get(line.agent.get("login"))
        if holder:
            expected = _("déjà l’identifiant de l’agent de matricule %(holder)s.") % {"holder": holder}
            faults.add(line.line, "login", line.agent["login"], expected)


def _check_units(lines: list[AgentLine], units: UnitsPlan, faults: Faults, options: Options) -> None:
    for line in lines:
        path = line.assignment.get("unit")
        if path is None or path in units.nodes:
            continue
        if options.create_units:
            units.create_missing(path)
            continue
        guess = units.guess(path)
        hint = _(" Vouliez-vous dire %(path)s ?") % {"path": guess} if guess else ""
        faults.add(line.line, "unite", path, _("cette unité n’existe pas, ou est fermée.") + hint)


def _check_cycles(lines: list[AgentLine], known: Known, faults: Faults) -> None:
    for line in lines:
        if "cycle" not in line.situation:
            continue
        code = line.situation["cycle"] or DEFAULT_CYCLE
        line.situation["cycle"] = code
        one_week = ONE_WEEK.fullmatch(code) and code != "0000000"
        if code != DEFAULT_CYCLE and code not in known.cycles and not one_week:
            expected = _("un cycle du portail (%(list)s) ou sept signes comme 1101100 (1 jour, a matin, p après-midi).")
            names = ", ".join(sorted({DEFAULT_CYCLE, *known.cycles})[:12])
            faults.add(line.line, "cycle", code, expected % {"list": names})


def _check_supervisors(lines: list[AgentLine], known: Known, faults: Faults, on: date) -> None:
    """Everybody's supervisor exists and nobody is, through however many others, their own."""
    in_file = {line.matricule: line for line in lines}
    above: dict[str, str] = {}
    for pk, periods in known.assignments.items():
        current = next((period for period in periods if period.covers(on)), None)
        if current and current.values["supervisor"]:
            above[known.matricules[pk]] = current.values["supervisor"]
    for line in lines:
        supervisor = line.assignment.get("supervisor")
        if supervisor is None:
            continue
        above.pop(line.matricule, None)
        if not supervisor:
            continue
        if supervisor not in in_file and supervisor not in known.ids:
            faults.add(line.line, "superieur", supervisor, _("le matricule d’un agent du fichier ou du portail."))
        elif supervisor == line.matricule:
            faults.add(line.line, "superieur", supervisor, _("le matricule de quelqu’un d’autre."))
        else:
            above[line.matricule] = supervisor
    for loop in loops(above):
        line_in_loop = next((in_file[matricule] for matricule in loop if matricule in in_file), None)
        if line_in_loop:
            names = " → ".join([*loop, loop[0]])
            value = line_in_loop.assignment.get("supervisor", "")
            faults.add(line_in_loop.line, "superieur", value, _("une boucle : %(names)s.") % {"names": names})


def loops(above: Mapping[str, str]) -> list[list[str]]:
    """The loops of a « who is above whom », each once."""
    settled: set[str] = set()
    found = []
    for start in above:
        trail: dict[str, int] = {}
        current: str | None = start
        while current is not None and current not in settled and current not in trail:
            trail[current] = len(trail)
            current = above.get(current)
        if current is not None and current in trail:
            found.append(list(trail)[trail[current] :])
        settled.update(trail)
    return found
