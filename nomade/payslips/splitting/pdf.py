"""The only place that speaks to pypdfium2 (text, images) and pikepdf (cutting)."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from nomade.payslips.splitting.structure import Structure

# PDFium is not thread-safe; the web server answers from several threads.
_pdfium = threading.Lock()


class UnreadablePdf(Exception):
    """The file is no PDF, is cut short, or is protected by a password. The text is French, without the file's name."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page (from 0), or None when it cannot be read."""

    page: int
    content: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text and where it starts, in points from the top left."""

    x: float
    y: float
    text: str
    right: float = 0.0


def count_pages(path: Path) -> int:
    """How many pages. Raises `UnreadablePdf`."""
    with _pdfium:
        document = _open(path)
        try:
            return len(document)
        finally:
            document.close()


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
        raise UnreadablePdf(_reason(error)) from error


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
    with _pdfium:
        document = _open(path)
        try:
            for number in range(first, last):
                yield PageText(number, _text(document, number))
        finally:
            document.close()


def segments(content: bytes, page: int) -> list[Segment]:
    """The pieces of text of a page as its author placed them, in reading order. Raises `UnreadablePdf`."""
    with _pdfium:
        document = _open(content)
        try:
            sheet = document[page]
            height = sheet.get_height()
            text_page = sheet.get_textpage()
            return list(_segments(text_page, height))
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("une page ne peut pas être lue") from error
        finally:
            document.close()


def page_image(content: bytes, page: int, *, width: int) -> bytes:
    """A page drawn `width` pixels wide, as PNG. Raises IndexError past the last page, `UnreadablePdf`."""
    with _pdfium:
        document = _open(content)
        try:
            if not 0 <= page < len(document):
                raise IndexError(page)
            sheet = document[page]
            picture = sheet.render(scale=width / sheet.get_width()).to_pil()
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("une page ne peut pas être dessinée") from error
        finally:
            document.close()
    out = io.BytesIO()
    # A page of text has few colours and sharp edges: a palette is smaller and sharper than any photograph's format.
    picture.convert("RGB").quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _segments(text_page: Any, height: float) -> Iterator[Segment]:
    for rank in range(text_page.count_rects()):
        left, bottom, right, top = text_page.get_rect(rank)
        text = text_page.get_text_bounded(left=left, bottom=bottom, right=right, top=top).strip()
        if text:
            yield Segment(left, height - (top + bottom) / 2, text, right)


class Cutter:
    """Cuts groups of pages out of one source file, content streams untouched."""

    def __init__(self, path: Path) -> None:
        try:
            self._pdf = pikepdf.open(path)
            # Asking `pages[n]` walks the tree each time (2 ms at 55,000 pages); walking it once takes a second.
            self._pages = list(self._pdf.pages)
            self._structure = Structure(self._pdf)
        except (pikepdf.PdfError, pikepdf.PasswordError) as error:
            raise UnreadablePdf(_reason(error)) from error

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
            raise UnreadablePdf(_reason(error)) from error
        return out.getvalue()

    def close(self) -> None:
        self._pages = []
        self._pdf.close()


def _disarm(page: Any) -> None:
    """Takes off a page what runs when it opens or is clicked; what it shows is left as it is."""
    for key in ("/AA", "/Annots"):
        if key in page:
            del page[key]


def _open(source: Path | bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(source)
    except (pypdfium2.PdfiumError, FileNotFoundError) as error:
        raise UnreadablePdf(_reason(error)) from error


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


def _reason(error: Exception) -> str:
    if isinstance(error, pikepdf.PasswordError) or "password" in str(error).lower():
        return "il est protégé par un mot de passe"
    return "il est abîmé ou ce n’est pas un PDF"
