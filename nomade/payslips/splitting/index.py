"""The payroll's own index: which pages of which file are whose. What a page says must not contradict it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from nomade.kernel.errors import Refusal
from nomade.payslips.figures import LINE, Figures, figures_from
from nomade.payslips.splitting.grouping import DoubtfulPages, PageGroup
from nomade.payslips.splitting.reading import PageFacts

MOST_LINES = 500_000
_PERIOD = re.compile(r"(?:(?P<y1>20\d\d)-?(?P<m1>0[1-9]|1[0-2])|(?P<m2>0[1-9]|1[0-2])/(?P<y2>20\d\d))")
# A page without any text, or without matricule, belongs to whom the index says; any other doubt stays a doubt.
_SILENT = {"aucun matricule", "aucun texte sur la page", "aucune période"}


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One slip as the index announces it; `last_page` None means up to the end of its file."""

    source: str
    matricule: str
    period: date
    first_page: int
    last_page: int | None
    net: Decimal | None
    figures: Figures | None = None


def read_index(content: bytes, name: str, files: Sequence[str]) -> list[IndexLine]:
    """The lines of a CSV index (UTF-8, `;`). Raises `Refusal` naming the first line that cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"L’index {name} n’est pas en UTF-8.") from error
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    named = [column.strip() for column in rows.fieldnames or ()]
    columns = {column.lower() for column in named}
    missing = {"matricule", "periode"} - columns
    if missing:
        raise Refusal(f"L’index {name} n’a pas de colonne « {min(missing)} ».")
    if len(files) > 1 and "fichier" not in columns:
        raise Refusal(f"L’index {name} n’a pas de colonne « fichier », et l’archive contient plusieurs PDF.")
    labels = {name.lower(): name[len(LINE) :].strip() for name in named if name.lower().startswith(LINE)}
    lines = []
    for number, row in enumerate(rows, 2):
        if number > MOST_LINES:
            raise Refusal(f"L’index {name} a trop de lignes.")
        cells = {(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if key}
        try:
            lines.append(_line(cells, files, labels))
        except (ValueError, InvalidOperation) as error:
            raise Refusal(f"L’index {name}, ligne {number}, ne peut pas être lu : {error}.") from error
    return lines


def _line(cells: dict[str, str], files: Sequence[str], labels: Mapping[str, str]) -> IndexLine:
    period = _PERIOD.fullmatch(cells["periode"])
    if period is None:
        raise ValueError(f"« {cells['periode']} » n’est pas un mois")
    if not re.fullmatch(r"[0-9A-Za-z.\-]{3,20}", cells["matricule"]):
        raise ValueError(f"« {cells['matricule']} » n’est pas un matricule")
    source = cells.get("fichier") or files[0]
    found = [file for file in files if file == source or file.rsplit("/", 1)[-1] == source]
    if len(found) != 1:
        raise ValueError(f"le fichier « {source} » n’est pas dans l’archive")
    first, last = cells.get("page_debut", ""), cells.get("page_fin", "")
    if not (first or "1").isdigit() or not (last or "1").isdigit():
        raise ValueError("les pages sont des nombres")
    names = ("net", "brut", "net_avant_impot", *labels)
    amounts = {name: _amount(cells[name]) for name in names if cells.get(name)}
    return IndexLine(
        source=found[0],
        matricule=cells["matricule"],
        period=date(int(period["y1"] or period["y2"]), int(period["m1"] or period["m2"]), 1),
        first_page=int(first or 1) - 1,
        last_page=int(last) if last else None,
        net=amounts.get("net"),
        figures=figures_from(amounts, labels) if labels else None,
    )


def _amount(text: str) -> Decimal:
    """Raises InvalidOperation."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".").replace("−", "-")
    found = Decimal(plain)
    if not found.is_finite():
        raise InvalidOperation(text)
    return found


def group_by_index(
    facts: Sequence[PageFacts], lines: Sequence[IndexLine]
) -> tuple[list[PageGroup], list[DoubtfulPages]]:
    """The slips of one source as the index cuts it; pages it forgets, shares or contradicts go to nobody."""
    groups: list[PageGroup] = []
    doubtful: list[DoubtfulPages] = []
    times: dict[int, int] = {}
    for line in lines:
        for page in range(line.first_page, min(_end(line, facts), len(facts))):
            times[page] = times.get(page, 0) + 1
    for line in lines:
        reason = _contradiction(line, facts, times)
        pages = max(_end(line, facts) - line.first_page, 1)
        if reason:
            doubtful.append(DoubtfulPages(line.source, line.first_page, pages, reason, line.matricule))
        else:
            groups.append(_group(line, facts, pages))
    doubtful += [
        DoubtfulPages(fact.source, fact.page, 1, "page absente de l’index", fact.matricule or "")
        for fact in facts
        if fact.page not in times
    ]
    return groups, doubtful


def _end(line: IndexLine, facts: Sequence[PageFacts]) -> int:
    return line.last_page if line.last_page is not None else len(facts)


def _contradiction(line: IndexLine, facts: Sequence[PageFacts], times: dict[int, int]) -> str:
    first, end = line.first_page, _end(line, facts)
    if not 0 <= first < end <= len(facts):
        return f"l’index annonce les pages {first + 1} à {end}, le fichier en a {len(facts)}"
    for fact in facts[first:end]:
        if times[fact.page] > 1:
            return "page donnée à plusieurs bulletins par l’index"
        if fact.problem and fact.problem not in _SILENT:
            return fact.problem
        if fact.matricule and fact.matricule != line.matricule:
            return f"l’index dit {line.matricule}, la page dit {fact.matricule}"
        if fact.period and fact.period != line.period:
            return f"l’index dit {line.period:%Y-%m}, la page dit {fact.period:%Y-%m}"
        if line.net is not None and fact.net is not None and fact.net != line.net:
            return "le net de l’index n’est pas celui de la page"
    return ""


def _group(line: IndexLine, facts: Sequence[PageFacts], pages: int) -> PageGroup:
    mine = facts[line.first_page : line.first_page + pages]
    read = next((fact.net for fact in mine if fact.net is not None), None)
    return PageGroup(
        source=line.source,
        first_page=line.first_page,
        pages=pages,
        matricule=line.matricule,
        period=line.period,
        net=line.net if line.net is not None else read,
        paid_on=next((fact.paid_on for fact in mine if fact.paid_on is not None), None),
        figures=line.figures,
    )
