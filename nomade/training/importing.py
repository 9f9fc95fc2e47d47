"""Reading a catalogue from CSV or XLSX: every fault named with its line, nothing guessed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from nomade.kernel.errors import Refusal
from nomade.training.models import Course, CourseKind, Domain, Modality

COLUMNS = (
    "code", "titre", "domaine", "type", "modalite", "heures", "cout", "public", "prerequis", "objectifs", "programme",
    "organisme", "accessibilite", "metiers", "validite_mois", "ouverte", "requiert",
)  # fmt: skip
MOST_ROWS = 20_000
MOST_HOURS, MOST_COST = 1_000, 100_000
LONGEST = {
    "code": 40, "titre": 200, "public": 400, "prerequis": 400, "objectifs": 4000, "programme": 8000,
    "organisme": 200, "accessibilite": 400, "metiers": 400,
}  # fmt: skip


@dataclass(frozen=True)
class CourseRow:
    """One line of a catalogue."""

    code: str
    title: str
    domain: str
    kind: str
    modality: str
    hours: Decimal
    cost: Decimal
    audience: str
    prerequisites: str
    objectives: str
    programme: str
    provider: str
    accessibility: str
    posts: str
    valid_months: int | None
    is_offered: bool
    # The code of the course that must be followed first.
    requires: str


@dataclass
class ReadCatalogue:
    """What a file holds, and what is wrong in it (line, sentence)."""

    rows: list[CourseRow] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    existing: int = 0
    # Whether the file says what must be followed first; else what the catalogue says of it is left alone.
    says_required: bool = False


def read_catalogue(name: str, content: bytes) -> ReadCatalogue:
    """The courses of a file. Raises `Refusal` when it is no CSV or XLSX with the columns of the catalogue."""
    lines = list(_xlsx(content) if name.lower().endswith(".xlsx") else _csv(content))
    if not lines:
        raise Refusal(_("Le fichier est vide."), field="document")
    header = [cell.strip().lower() for cell in lines[0]]
    missing = [column for column in ("code", "titre", "domaine", "type", "heures") if column not in header]
    unknown = [column for column in header if column and column not in COLUMNS]
    if missing:
        raise Refusal(_("Il manque des colonnes : %(names)s.") % {"names": ", ".join(missing)}, field="document")
    if unknown:
        raise Refusal(_("Ces colonnes sont inconnues : %(names)s.") % {"names": ", ".join(unknown)}, field="document")
    if len(lines) > MOST_ROWS:
        raise Refusal(_("Le fichier a plus de %(most)s lignes.") % {"most": MOST_ROWS}, field="document")
    read = ReadCatalogue()
    domains = set(Domain.objects.values_list("code", flat=True))
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            _read_line(read, number, dict(zip(header, cells, strict=False)), domains, seen)
    read.says_required = "requiert" in header
    _check_required(read, [dict(zip(header, cells, strict=False)) for cells in lines[1:]], seen)
    read.existing = Course.objects.filter(code__in=list(seen)).count()
    return read


def _check_required(read: ReadCatalogue, lines: list[dict[str, str]], seen: dict[str, int]) -> None:
    """The course to follow first is one of the file or of the catalogue, and never oneself."""
    wanted = {number: cells.get("requiert", "").strip() for number, cells in enumerate(lines, start=2)}
    known = set(
        Course.objects.filter(code__in=[code for code in wanted.values() if code]).values_list("code", flat=True)
    )
    for number, code in wanted.items():
        if code and ((code not in known and code not in seen) or seen.get(code) == number):
            read.faults.append((number, _("la formation requise « %(code)s » n’existe pas") % {"code": code}))


def _read_line(
    read: ReadCatalogue, number: int, cells: dict[str, str], domains: set[str], seen: dict[str, int]
) -> None:
    value = {column: cells.get(column, "").strip() for column in COLUMNS}
    value["modalite"] = value["modalite"] or Modality.PRESENTIEL
    hours, cost = _number(value["heures"]), _number(value["cout"] or "0")
    faults = _faults(value, hours, cost, domains)
    if value["code"] in seen:
        said = _("le code « %(code)s » est déjà à la ligne %(line)s")
        faults.append(said % {"code": value["code"], "line": seen[value["code"]]})
    seen.setdefault(value["code"], number)
    read.faults.extend((number, fault) for fault in faults)
    if not faults and hours is not None and cost is not None:
        read.rows.append(_row(value, hours, cost))


def _faults(value: dict[str, str], hours: Decimal | None, cost: Decimal | None, domains: set[str]) -> list[str]:
    checks = [
        (bool(value["code"] and value["titre"]), _("il faut un code et un titre")),
        (value["domaine"] in domains, _("le domaine « %(name)s » n’existe pas") % {"name": value["domaine"]}),
        (value["type"] in CourseKind.values, _("le type « %(name)s » n’existe pas") % {"name": value["type"]}),
        (
            value["modalite"] in Modality.values,
            _("la modalité « %(name)s » n’existe pas") % {"name": value["modalite"]},
        ),
        (hours is not None and 0 < hours < MOST_HOURS, _("les heures doivent être un nombre, comme 14 ou 3,5")),
        (cost is not None and 0 <= cost < MOST_COST, _("le coût doit être un nombre d’euros")),
        (not value["validite_mois"] or value["validite_mois"].isdigit(), _("la validité est un nombre de mois")),
        (value["ouverte"] in {"", "oui", "non"}, _("« ouverte » est oui ou non")),
    ]
    faults = [said for right, said in checks if not right]
    for column, longest in LONGEST.items():
        if len(value[column]) > longest:
            faults.append(_("« %(column)s » dépasse %(most)s signes") % {"column": column, "most": longest})
    return faults


def _row(value: dict[str, str], hours: Decimal, cost: Decimal) -> CourseRow:
    return CourseRow(
        code=value["code"],
        title=value["titre"],
        domain=value["domaine"],
        kind=value["type"],
        modality=value["modalite"],
        hours=hours,
        cost=cost,
        audience=value["public"],
        prerequisites=value["prerequis"],
        objectives=value["objectifs"],
        programme=value["programme"],
        provider=value["organisme"],
        accessibility=value["accessibilite"],
        posts=value["metiers"],
        valid_months=int(value["validite_mois"]) if value["validite_mois"] else None,
        is_offered=value["ouverte"] != "non",
        requires=value["requiert"],
    )


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ".").replace("\N{NO-BREAK SPACE}", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(_("Le fichier doit être en UTF-8 : enregistrez-le ainsi."), field="document") from error
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=";")


def _xlsx(content: bytes) -> Iterator[list[str]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Refusal(_("Ce classeur ne s’ouvre pas."), field="document") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]
