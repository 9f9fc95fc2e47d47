"""From pages to slips: which pages belong together, and which belong to nobody for certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nomade.payslips.figures import Figures
from nomade.payslips.splitting.reading import PageFacts


@dataclass(frozen=True, slots=True)
class PageGroup:
    """The consecutive pages of one slip."""

    source: str
    first_page: int
    pages: int
    matricule: str
    period: date
    net: Decimal | None
    paid_on: date | None
    figures: Figures | None = None

    @property
    def numbers(self) -> list[int]:
        """The pages, from 0."""
        return list(range(self.first_page, self.first_page + self.pages))


@dataclass(frozen=True, slots=True)
class DoubtfulPages:
    """Pages that will not be given to anybody, and why (in French)."""

    source: str
    first_page: int
    pages: int
    reason: str
    matricule: str = ""


def group_pages(facts: Sequence[PageFacts], bookmarks: Iterable[int]) -> tuple[list[PageGroup], list[DoubtfulPages]]:
    """Groups the pages of one source, in order.

    A slip starts at a bookmark, and where the matricule or the month changes. A page without certain owner is set
    aside, and with it the slip before it, of which it may be a part: nobody receives a slip that may be cut short.
    """
    starts = set(bookmarks)
    groups: list[PageGroup] = []
    doubtful: list[DoubtfulPages] = []
    current: list[PageFacts] = []

    def close() -> None:
        if current:
            groups.append(_group(current))
            current.clear()

    for fact in facts:
        if fact.problem:
            if current and fact.page not in starts:
                doubtful.append(_aside(current))
                current.clear()
            close()
            doubtful.append(DoubtfulPages(fact.source, fact.page, 1, fact.problem, fact.matricule or ""))
            continue
        if current and (fact.page in starts or _key(fact) != _key(current[0])):
            close()
        current.append(fact)
    close()
    return groups, doubtful


def _key(fact: PageFacts) -> tuple[str | None, date | None]:
    return fact.matricule, fact.period


def _group(pages: list[PageFacts]) -> PageGroup:
    first = pages[0]
    assert first.matricule is not None
    assert first.period is not None
    return PageGroup(
        source=first.source,
        first_page=first.page,
        pages=len(pages),
        matricule=first.matricule,
        period=first.period,
        net=next((page.net for page in pages if page.net is not None), None),
        paid_on=next((page.paid_on for page in pages if page.paid_on is not None), None),
    )


def _aside(pages: list[PageFacts]) -> DoubtfulPages:
    first = pages[0]
    reason = "bulletin peut-être incomplet : la page suivante n’a pas de propriétaire certain"
    return DoubtfulPages(first.source, first.page, len(pages), reason, first.matricule or "")
