"""Reading the text of a payroll's pages with PDFium, cutting them with pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from nomade.files.drawing import UnreadablePdf, opened, reason
from nomade.files.splitting.structure import Structure


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page (from 0), or None when it cannot be read."""

    page: int
    content: str | None


def count_pages(path: Path) -> int:
    """How many pages. Raises `UnreadablePdf`."""
    with opened(path) as document:
        return len(document)


def bookmarked_pages(path: Path) -> list[int]:
    """The pages (from 0) to which the first-level bookmarks lead, in order; a broken bookmark is left out.

    PDFium looks for each page from the first one: 55,000 bookmarks would take it an hour. Raises `UnreadablePdf`.
    """
    try:
        with pikepdf.open(path) as pdf:
            item = pdf.Root.get("/Outlines", pikepdf.Dictionary()).get("/First")
            if item is None:
                return []
            numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
            named = _named_destinations(pdf)
            found, seen = set(), set()
            while isinstance(item, pikepdf.Dictionary) and item.objgen not in seen:
                seen.add(item.objgen)
                target = _target(item, named)
                if target in numbers:
                    found.add(numbers[target])
                item = item.get("/Next")
            return sorted(found)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise UnreadablePdf(reason(error)) from error


def _target(item: Any, named: Any) -> tuple[int, int] | None:
    """The object number of the page a bookmark leads to, directly, by an action or by a name."""
    destination = item.get("/Dest")
    if destination is None and "/A" in item:
        destination = item.A.get("/D")
    if isinstance(destination, pikepdf.String | pikepdf.Name):
        destination = named.get(str(destination))
    if isinstance(destination, pikepdf.Dictionary):
        destination = destination.get("/D")
    if not isinstance(destination, pikepdf.Array) or not len(destination):
        return None
    page = destination[0]
    return page.objgen if isinstance(page, pikepdf.Dictionary) else None


def _named_destinations(pdf: pikepdf.Pdf) -> Any:
    tree = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    return pikepdf.NameTree(tree) if tree is not None else {}


def page_texts(path: Path, first: int, last: int) -> Iterator[PageText]:
    """The text of each page of a range, last excluded. Raises `UnreadablePdf`."""
    with opened(path) as document:
        for number in range(first, last):
            yield PageText(number, _text(document, number))


class Cutter:
    """Cuts groups of pages out of one source file, content streams untouched."""

    def __init__(self, path: Path) -> None:
        try:
            self._pdf = pikepdf.open(path)
            # Asking `pages[n]` walks the tree each time (2 ms at 55,000 pages); walking it once takes a second.
            self._pages = list(self._pdf.pages)
            self._structure = Structure(self._pdf)
        except (pikepdf.PdfError, pikepdf.PasswordError) as error:
            raise UnreadablePdf(reason(error)) from error

    def cut(self, pages: list[int]) -> bytes:
        """A PDF of those pages (from 0), without what could act on its own. Raises `UnreadablePdf`."""
        try:
            with pikepdf.new() as slip:
                slip.pages.extend(self._pages[number] for number in pages)
                for page in slip.pages:
                    _disarm(page.obj)
                if self._structure.present:
                    self._structure.copy_into(slip, [self._pages[number] for number in pages])
                if "/Lang" in self._pdf.Root:
                    slip.Root.Lang = pikepdf.String(str(self._pdf.Root.Lang))
                out = io.BytesIO()
                slip.save(out)
        except (pikepdf.PdfError, RuntimeError) as error:
            raise UnreadablePdf(reason(error)) from error
        return out.getvalue()

    def close(self) -> None:
        self._pages = []
        self._pdf.close()


def _disarm(page: Any) -> None:
    """Takes off a page what runs when it opens or is clicked, and files; what it shows is left as it is."""
    for key in ("/AA", "/Annots", "/AF"):
        if key in page:
            del page[key]


def _text(document: Any, number: int) -> str | None:
    try:
        page = document[number]
        text_page = page.get_textpage()
        text: str = text_page.get_text_range()
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return text
