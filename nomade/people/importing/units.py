"""What a file of units changes in the tree."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nomade.people.importing.faults import Faults
from nomade.people.importing.lines import UnitLine
from nomade.people.models import OrgUnit


@dataclass(slots=True)
class Node:
    """A unit as it will be; `id` is None for one that the import creates."""

    id: int | None
    code: str
    path: str
    label: str
    kind: str = ""
    # The matricule of who leads it; "" for nobody.
    head: str = ""
    line: int = 0
    valid_to: date | None = None

    @property
    def parent_path(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass
class UnitsPlan:
    """The tree after the import, by path, and what changes in it."""

    nodes: dict[str, Node]
    created: list[Node] = field(default_factory=list)
    updated: list[Node] = field(default_factory=list)
    closed: list[Node] = field(default_factory=list)
    paths: dict[int, str] = field(default_factory=dict)

    def guess(self, path: str) -> str | None:
        """The one unit whose code ends a path that does not exist."""
        code = path.rpartition("/")[2]
        found = [node.path for node in self.nodes.values() if node.code == code]
        return found[0] if len(found) == 1 else None

    def create_missing(self, path: str) -> None:
        """Adds a unit, and those above it, named by their codes."""
        if path in self.nodes:
            return
        parent, _slash, code = path.rpartition("/")
        if parent:
            self.create_missing(parent)
        node = Node(None, code, path, code)
        self.nodes[path] = node
        self.created.append(node)


def existing_nodes(matricules: dict[int, str]) -> list[Node]:
    """The units that are in the base and not closed."""
    rows = OrgUnit.objects.filter(valid_to__isnull=True).order_by("path")
    return [
        Node(unit.pk, unit.code, unit.path, unit.label, unit.kind, matricules.get(unit.head_id or 0, ""))
        for unit in rows
    ]


def plan_units(
    lines: list[UnitLine], known: list[Node], known_matricules: set[str], faults: Faults, *, close: date | None
) -> UnitsPlan:
    """The tree that the file asks for. `close` is the last day of the units absent from a complete file, or None."""
    before = {node.path: node for node in known}
    paths = _Paths(lines, before, faults).resolve()
    plan = UnitsPlan(nodes={})
    matched = _match(lines, paths, known)
    moved = {node.path: paths[line.line] for line, node in matched.values() if paths[line.line] != node.path}
    for node in known:
        if node.id not in matched:
            path = _after_move(node.path, moved)
            kept = Node(node.id, node.code, path, node.label, node.kind, node.head)
            if close is not None and lines:
                kept.valid_to = close
                plan.closed.append(kept)
            else:
                plan.nodes[path] = kept
            if path != node.path or kept.valid_to:
                plan.updated.append(kept)
            plan.paths[node.id or 0] = path
    by_line = {line.line: node for line, node in matched.values()}
    for line in lines:
        if line.line in paths:
            _place(plan, line, paths[line.line], by_line.get(line.line), known_matricules, faults)
    _check_parents(plan, faults)
    return plan


def _place(
    plan: UnitsPlan, line: UnitLine, path: str, node: Node | None, known_matricules: set[str], faults: Faults
) -> None:
    head = line.head if line.head is not None else (node.head if node else "")
    if head and head not in known_matricules:
        faults.add(line.line, "responsable", head, _("le matricule d’un agent du portail ou du fichier des agents."))
    if path in plan.nodes:
        expected = _("cette unité est déjà à la ligne %(line)s.") % {"line": plan.nodes[path].line}
        faults.add(line.line, "code", line.code, expected)
        return
    kind = line.kind if line.kind is not None else (node.kind if node else "")
    wanted = Node(node.id if node else None, line.code, path, line.label, kind, head, line.line)
    plan.nodes[path] = wanted
    if node is None:
        plan.created.append(wanted)
        return
    plan.paths[node.id or 0] = path
    if (node.path, node.label, node.kind, node.head) != (path, line.label, kind, head):
        plan.updated.append(wanted)


def _check_parents(plan: UnitsPlan, faults: Faults) -> None:
    for node in plan.nodes.values():
        if node.parent_path and node.parent_path not in plan.nodes:
            faults.add(node.line, "parent", node.parent_path, _("une unité du fichier, ou du portail et non fermée."))


def _after_move(path: str, moved: dict[str, str]) -> str:
    """The path of a unit some ancestor of which has moved."""
    codes = path.split("/")
    for depth in range(len(codes) - 1, 0, -1):
        above = "/".join(codes[:depth])
        if above in moved:
            return "/".join([moved[above], *codes[depth:]])
    return path


def _match(lines: list[UnitLine], paths: dict[int, str], known: list[Node]) -> dict[int | None, tuple[UnitLine, Node]]:
    """Which known unit each line speaks of: that of its path, else the only one of its code, which then moves."""
    by_path = {node.path: node for node in known}
    by_code: defaultdict[str, list[Node]] = defaultdict(list)
    for unit in known:
        by_code[unit.code].append(unit)
    written: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        written[line.code] += 1
    found: dict[int | None, tuple[UnitLine, Node]] = {}
    placed = {path for path in paths.values() if path in by_path}
    for line in lines:
        path = paths.get(line.line)
        if path is None:
            continue
        node: Node | None = by_path.get(path)
        same_code = by_code[line.code]
        if node is None and len(same_code) == 1 and written[line.code] == 1 and same_code[0].path not in placed:
            node = same_code[0]
        if node is not None and node.id not in found:
            found[node.id] = (line, node)
    return found


class _Paths:
    """The path of each line, through the parents it names by code or by path."""

    def __init__(self, lines: list[UnitLine], known: dict[str, Node], faults: Faults) -> None:
        self.lines = lines
        self.known = known
        self.faults = faults
        self.by_code: defaultdict[str, list[UnitLine]] = defaultdict(list)
        for line in lines:
            self.by_code[line.code].append(line)
        self.known_by_code: defaultdict[str, list[str]] = defaultdict(list)
        for path, node in known.items():
            self.known_by_code[node.code].append(path)
        self.paths: dict[int, str] = {}

    def resolve(self) -> dict[int, str]:
        for line in self.lines:
            self._resolve(line)
        return self.paths

    def _resolve(self, line: UnitLine) -> None:
        """Climbs from a line to one whose path is known, then comes down; a second meeting is a loop."""
        chain: list[UnitLine] = []
        climbed: set[int] = set()
        current: UnitLine | None = line
        base: str | None = ""
        while current is not None and current.line not in self.paths:
            if current.line in climbed:
                names = " → ".join([*(step.code for step in chain), current.code])
                self.faults.add(line.line, "parent", line.parent, _("une boucle : %(names)s.") % {"names": names})
                return
            climbed.add(current.line)
            chain.append(current)
            current, base = self._above(current)
            if base is None:
                return
        if current is not None:
            base = self.paths[current.line]
        for step in reversed(chain):
            base = f"{base}/{step.code}" if base else step.code
            self.paths[step.line] = base

    def _above(self, line: UnitLine) -> tuple[UnitLine | None, str | None]:
        """The parent's line, or its path when it is not in the file (None when it cannot be told)."""
        if not line.parent:
            return None, ""
        if "/" in line.parent:
            return None, line.parent
        in_file = self.by_code.get(line.parent, [])
        if len(in_file) == 1:
            return in_file[0], ""
        elsewhere = [] if in_file else self.known_by_code.get(line.parent, [])
        if len(elsewhere) == 1:
            if line.code in elsewhere[0].split("/"):
                self.faults.add(
                    line.line, "parent", line.parent, _("une boucle : cette unité est déjà au-dessus de son parent.")
                )
                return None, None
            return None, elsewhere[0]
        several = len(in_file) > 1 or len(elsewhere) > 1
        expected = (
            _("plusieurs unités ont ce code ; écrivez le chemin entier.")
            if several
            else _("le code ou le chemin d’une unité du fichier ou du portail.")
        )
        self.faults.add(line.line, "parent", line.parent, expected)
        return None, None


def unit_values(node: Node, parent: int | None, head: int | None) -> dict[str, Any]:
    """What is written for a unit."""
    return {
        "code": node.code,
        "path": node.path,
        "label": node.label,
        "kind": node.kind,
        "parent_id": parent,
        "head_id": head,
        "valid_to": node.valid_to,
    }
