"""Reading the whole of what was given: every page of every file, then groups of pages."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from nomade.files.drawing import UnreadablePdf
from nomade.files.splitting.pdf import count_pages
from nomade.kernel.errors import Refusal
from nomade.payslips import work
from nomade.payslips.sources import Given, Source
from nomade.payslips.splitting.grouping import DoubtfulPages, PageGroup, group_pages
from nomade.payslips.splitting.index import group_by_index
from nomade.payslips.splitting.reading import PageFacts, Patterns


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the files hold."""

    pages: int
    groups: list[PageGroup]
    doubtful: list[DoubtfulPages]


def analyse(
    given: Given, patterns: Patterns, pool: Executor | None, progress: Callable[[str, int, int], None]
) -> Analysis:
    """Reads every page. Raises `Refusal` naming the file that is no readable PDF."""
    sources = given.sources
    sizes = {source.name: _count(source) for source in sources}
    total = sum(sizes.values())
    tasks = [
        (source.path, source.name, first, min(first + work.PAGES_A_TASK, sizes[source.name]), patterns)
        for source in sources
        for first in range(0, sizes[source.name], work.PAGES_A_TASK)
    ]
    facts: dict[str, list[PageFacts]] = {source.name: [] for source in sources}
    read = 0
    try:
        for found in work.spread(pool, work.read_task, tasks):
            facts[found[0].source] += found
            read += len(found)
            progress("Lecture des pages", read, total)
    except UnreadablePdf as error:
        raise Refusal(f"Le fichier ne peut pas être lu jusqu’au bout : {error}. Rien n’a été importé.") from error
    groups, doubtful = [], []
    marks = _bookmarks(sources, pool)
    for source in sources:
        pages = sorted(facts[source.name], key=lambda fact: fact.page)
        lines = [line for line in given.index if line.source == source.name]
        certain, uncertain = group_by_index(pages, lines) if given.index else group_pages(pages, marks[source.name])
        groups += certain
        doubtful += uncertain
    return Analysis(total, groups, doubtful)


def _bookmarks(sources: list[Source], pool: Executor | None) -> dict[str, list[int]]:
    """First pages by bookmark; read by the working processes, which give the memory back at the end."""
    try:
        found = work.spread(pool, work.bookmarks_task, ((source.path, source.name) for source in sources))
        return dict(found)
    except UnreadablePdf as error:
        raise Refusal(f"Les signets du fichier ne peuvent pas être lus : {error}. Rien n’a été importé.") from error


def _count(source: Source) -> int:
    try:
        pages = count_pages(source.path)
    except UnreadablePdf as error:
        raise Refusal(f"Le fichier {source.name} ne peut pas être lu : {error}. Rien n’a été importé.") from error
    if not pages:
        raise Refusal(f"Le fichier {source.name} n’a aucune page. Rien n’a été importé.")
    return pages
