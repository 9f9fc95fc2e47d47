"""The lines of the two files, typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from nomade.people.importing import values
from nomade.people.importing.faults import Faults
from nomade.people.importing.reading import Columns, Table

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Field:
    """One column: the attribute it fills, how it is read, and what it describes."""

    column: str
    name: str
    read: Read
    part: str = "agent"
    # An empty cell keeps what the portal has: the agent may have filled it in alone.
    kept_when_empty: bool = False


def agent_fields(mail_domain: str) -> tuple[Field, ...]:
    """The columns of the file of agents, in the order of the contract."""

    def text(most: int) -> Read:
        return partial(values.words, most=most)

    return (
        Field("matricule", "matricule", values.matricule),
        Field("login", "login", partial(values.login, mail_domain=mail_domain)),
        Field("civilite", "civility", values.civility),
        Field("nom", "last_name", partial(values.some_words, most=80)),
        Field("prenom", "first_name", partial(values.some_words, most=80)),
        Field("nom_usage", "usage_name", text(80)),
        Field("date_naissance", "birth_date", values.day),
        Field("unite", "unit", values.unit_path, "assignment"),
        Field("statut", "status", values.status, "situation"),
        Field("categorie", "category", values.category, "situation"),
        Field("corps", "corps", text(120), "situation"),
        Field("grade", "grade", text(120), "situation"),
        Field("echelon", "echelon", text(8), "situation"),
        Field("indice_majore", "indice_majore", values.indice, "situation"),
        Field("emploi", "post", text(160), "assignment"),
        Field("lieu", "place", text(160), "assignment"),
        Field("quotite", "quotite", values.quotite, "situation"),
        Field("cycle", "cycle", text(40), "situation"),
        Field("duree_hebdo", "weekly_minutes", values.weekly_minutes, "situation"),
        Field("telephone", "phone", values.phone, kept_when_empty=True),
        Field("mobile", "mobile", values.phone, kept_when_empty=True),
        Field("courriel_personnel", "personal_email", values.email, kept_when_empty=True),
        Field("adresse", "address", text(300), kept_when_empty=True),
        Field("messagerie", "has_mailbox", values.yes_or_no),
        Field("date_entree", "entry_date", values.required_day),
        Field("date_sortie", "exit_date", values.day),
        Field("superieur", "supervisor", text(20), "assignment"),
        Field("position", "position", values.position, "situation"),
    )


AGENT_COLUMNS = Columns(
    known=tuple(field.column for field in agent_fields("")),
    required=("matricule", "login", "nom", "prenom", "unite", "statut", "date_entree"),
)
UNIT_COLUMNS = Columns(known=("code", "libelle", "parent", "type", "responsable"), required=("code", "libelle"))


@dataclass(slots=True)
class AgentLine:
    """One agent of the file: only the columns that the file has."""

    line: int
    agent: dict[str, Any] = field(default_factory=dict)
    situation: dict[str, Any] = field(default_factory=dict)
    assignment: dict[str, Any] = field(default_factory=dict)

    @property
    def matricule(self) -> str:
        return str(self.agent.get("matricule", ""))


@dataclass(slots=True)
class UnitLine:
    """One unit of the file; `parent` is a path or a code."""

    line: int
    code: str
    label: str
    parent: str
    kind: str | None
    head: str | None


def read_agents(table: Table, faults: Faults, mail_domain: str) -> list[AgentLine]:
    """Every row, typed; what cannot be read goes to `faults`, as do two rows of one matricule or login."""
    by_column = {field.column: field for field in agent_fields(mail_domain)}
    fields = [by_column.get(name) for name in table.names]
    lines = []
    seen: dict[str, dict[str, int]] = {"matricule": {}, "login": {}}
    for number, cells in table.rows:
        line = _agent_line(number, cells, fields, faults)
        for column, earlier in seen.items():
            value = line.agent.get(column)
            if value is not None and earlier.setdefault(value, number) != number:
                expected = _("déjà à la ligne %(line)s ; il en faut un par agent.") % {"line": earlier[value]}
                faults.add(number, column, value, expected)
        _check_dates(line, faults)
        lines.append(line)
    return lines


def _agent_line(number: int, cells: list[str], fields: list[Field | None], faults: Faults) -> AgentLine:
    line = AgentLine(number)
    parts = {"agent": line.agent, "situation": line.situation, "assignment": line.assignment}
    for field_, cell in zip(fields, cells, strict=True):
        if field_ is None:
            continue
        text = cell.strip()
        try:
            value = field_.read(text)
        except ValueError as error:
            faults.add(number, field_.column, text, str(error))
            continue
        if text or not field_.kept_when_empty:
            parts[field_.part][field_.name] = value
    return line


def _check_dates(line: AgentLine, faults: Faults) -> None:
    entry, leaving, born = (line.agent.get(name) for name in ("entry_date", "exit_date", "birth_date"))
    if entry and leaving and leaving < entry:
        faults.add(line.line, "date_sortie", leaving.isoformat(), _("une date qui n’est pas avant celle d’entrée."))
    if entry and born and entry.year - born.year < 14:
        faults.add(line.line, "date_naissance", born.isoformat(), _("une date d’au moins quatorze ans avant l’entrée."))


def read_units(table: Table, faults: Faults) -> list[UnitLine]:
    """Every unit, typed; what cannot be read goes to `faults`."""
    lines = []
    for number, cells in table.rows:
        row = {name: cell.strip() for name, cell in zip(table.names, cells, strict=True) if name}
        code = row["code"]
        if not code or len(code) > 40 or "/" in code:
            faults.add(number, "code", code, _("un code de 1 à 40 signes, sans barre oblique."))
        label = row["libelle"]
        if not label or len(label) > 200:
            faults.add(number, "libelle", label, _("un libellé de 1 à 200 signes."))
        if len(row.get("type", "")) > 60:
            faults.add(number, "type", row["type"], _("%(most)s signes au plus.") % {"most": 60})
        parent = row.get("parent", "").strip("/")
        lines.append(UnitLine(number, code, label, parent, row.get("type"), row.get("responsable")))
    return lines
