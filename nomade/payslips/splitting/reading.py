"""What each page of a payroll file says: whose it is, for which month, how much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from nomade.files.drawing import UnreadablePdf
from nomade.files.splitting.matricules import DEFAULT_MATRICULE, matricules_in
from nomade.files.splitting.pdf import PageText, page_texts
from nomade.payslips.words import MONTHS

_PERIOD = re.compile(
    r"[Pp]ériode\b[^\n]{0,40}?(?:(?P<y1>20\d\d)-(?P<m1>0[1-9]|1[0-2])|(?P<m2>0[1-9]|1[0-2])/(?P<y2>20\d\d)"
    r"|(?P<name>" + "|".join(MONTHS) + r")\s+(?P<y3>20\d\d))",
    re.IGNORECASE,
)
_NET = re.compile(r"[Nn]et (?:payé|à payer)(?! avant)\D{0,20}?(\d{1,3}(?: ?\d{3})*,\d\d)(?!\d)")
_PAID_ON = re.compile(r"[Pp]ayé(?:e)? le (\d\d)/(\d\d)/(20\d\d)")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page of a source file; `problem` says why its owner or month is not certain."""

    source: str
    page: int
    matricule: str | None
    period: date | None
    net: Decimal | None
    paid_on: date | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Patterns:
    """How this payroll names what we look for; each expression has one group."""

    matricule: str = DEFAULT_MATRICULE


def read_pages(path: Path, source: str, first: int, last: int, patterns: Patterns) -> list[PageFacts]:
    """Facts of the pages `first` to `last` (excluded, from 0). Raises `UnreadablePdf` when the file does not open."""
    wanted = re.compile(patterns.matricule)
    return [page_facts(source, text, wanted) for text in page_texts(path, first, last)]


def page_facts(source: str, text: PageText, matricule: re.Pattern[str]) -> PageFacts:
    """What one page says. Two matricules, or two months, on a page make it nobody's."""
    if text.content is None:
        return PageFacts(source, text.page, None, None, None, None, "page illisible")
    plain = text.content.replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")
    found = matricules_in(plain, matricule)
    periods = set(_periods(plain))
    problem = ""
    if not found:
        problem = "aucun matricule" if plain.strip() else "aucun texte sur la page"
    elif len(found) > 1:
        problem = "plusieurs matricules"
    elif len(periods) != 1:
        problem = "aucune période" if not periods else "plusieurs périodes"
    return PageFacts(
        source=source,
        page=text.page,
        matricule=found.pop() if len(found) == 1 else None,
        period=periods.pop() if len(periods) == 1 else None,
        net=_net(plain),
        paid_on=_paid_on(plain),
        problem=problem,
    )


def _periods(text: str) -> Iterable[date]:
    for match in _PERIOD.finditer(text):
        if match["name"]:
            yield date(int(match["y3"]), MONTHS.index(match["name"].lower()) + 1, 1)
        else:
            yield date(int(match["y1"] or match["y2"]), int(match["m1"] or match["m2"]), 1)


def _net(text: str) -> Decimal | None:
    match = _NET.search(text)
    return Decimal(match.group(1).replace(" ", "").replace(",", ".")) if match else None


def _paid_on(text: str) -> date | None:
    match = _PAID_ON.search(text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


__all__ = ["DEFAULT_MATRICULE", "PageFacts", "Patterns", "UnreadablePdf", "page_facts", "read_pages"]
