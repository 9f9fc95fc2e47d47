"""Whose each part of a large file is: by the matricule on its pages, never by a name of person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nomade.documents.rules import owner_of


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive pages (from 0) of one file; `owner` None and the reason when they are nobody's for certain."""

    source: str
    first: int
    pages: int
    owner: int | None
    problem: str = ""

    @property
    def name(self) -> str:
        """How a list tells it."""
        last = self.first + self.pages
        where = f"page {last}" if self.pages == 1 else f"pages {self.first + 1} à {last}"
        return f"{self.source}, {where}"[-200:]


NOBODY_NAMED = "aucun matricule"
# The matricules that a page names; None for a page that cannot be read.
Page = frozenset[str] | None


def pieces_of(source: str, pages: Sequence[Page], marks: Sequence[int], known: Mapping[str, int]) -> list[Piece]:
    """Cuts one file of many agents: at its bookmarks when it has some, else where the matricule changes."""
    if marks:
        starts = sorted({0, *marks})
        ranges = zip(starts, [*starts[1:], len(pages)], strict=True)
        return [_piece(source, pages, first, end, known) for first, end in ranges if first < end]
    pieces: list[Piece] = []
    first = 0
    for number in range(1, len(pages) + 1):
        if number == len(pages) or pages[number] != pages[first]:
            pieces.append(_piece(source, pages, first, number, known))
            first = number
    return _without_cut_short(pieces)


def _piece(source: str, pages: Sequence[Page], first: int, end: int, known: Mapping[str, int]) -> Piece:
    named: set[str] = set()
    for page in pages[first:end]:
        if page is None:
            return Piece(source, first, end - first, None, "page illisible")
        named |= page
    if len(named) != 1:
        return Piece(source, first, end - first, None, "plusieurs matricules" if named else NOBODY_NAMED)
    owner = known.get(named.pop())
    return Piece(source, first, end - first, owner, "" if owner else "matricule hors de votre périmètre ou inconnu")


def _without_cut_short(pieces: list[Piece]) -> list[Piece]:
    """Without bookmarks, pages that name nobody may belong to what comes before: nobody receives half of a document."""
    sure: list[Piece] = []
    for piece in pieces:
        if piece.problem.startswith(("aucun", "page")) and sure and sure[-1].owner is not None:
            cut = sure[-1]
            reason = "document peut-être incomplet : la page suivante n’a pas de matricule"
            sure[-1] = Piece(cut.source, cut.first, cut.pages, None, reason)
        sure.append(piece)
    return sure


def whole_file(name: str, pages: Sequence[Page], known: Mapping[str, int]) -> Piece:
    """One file of one agent: its name and its pages must not contradict each other."""
    on_pages = _piece(name, pages, 0, len(pages), known)
    owner, doubt = owner_of(name, known)
    if on_pages.owner == owner or on_pages.problem == NOBODY_NAMED:
        return Piece(name, 0, len(pages), owner, doubt)
    if owner is None and on_pages.owner is not None and "plusieurs" not in doubt:
        return on_pages
    if owner is None:
        return Piece(name, 0, len(pages), None, on_pages.problem or doubt)
    return Piece(name, 0, len(pages), None, "le nom du fichier et ses pages ne disent pas le même matricule")
