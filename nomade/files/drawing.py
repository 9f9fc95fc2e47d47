"""What the portal shows of a stored document: pictures of its pages that it draws itself, beside their text.

No browser opens somebody else's PDF here. This module holds the only lock on PDFium, which is not thread-safe.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, UnidentifiedImageError

pdfium_lock = threading.Lock()

# 1,080 pixels are sharp on a phone held sideways and stay under the weight below for a page of text.
IMAGE_WIDTH = 1080
HEAVIEST = 150 * 1024
# Twice as high as it is wide is more than any sheet; a longer page is drawn smaller.
TALLEST = 3000
_QUALITIES = ((IMAGE_WIDTH, 80), (IMAGE_WIDTH, 60), (900, 50), (720, 45), (540, 40), (360, 35))
# Letters and tints of a page of text, their edges included, are about two thousand colours; a photograph has more.
MOST_COLOURS = 4096
PALETTE, NEAR_BITS = 256, 4
_ROW_HEIGHT = 3.5
PDF_TYPE = "application/pdf"


class UnreadablePdf(Exception):
    """The file is no PDF, is cut short, or is protected by a password. The text is French, without the file's name."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text and where it starts, in points from the top left."""

    x: float
    y: float
    text: str
    right: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as the portal drew it."""

    content: bytes
    content_type: str


def segments(content: bytes, page: int) -> list[Segment]:
    """The pieces of text of a page as its author placed them, in reading order. Raises `UnreadablePdf`.

    The last pages read are remembered by this process: a slip is opened, then its picture, then the page again.
    """
    return list(_known_segments(_Content(content), page))


class _Content:
    """A file that is told apart by its digest, so that what is remembered of it does not hold it."""

    __slots__ = ("content", "digest")

    def __init__(self, content: bytes) -> None:
        self.content, self.digest = content, hashlib.sha256(content).digest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and other.digest == self.digest

    def take(self) -> bytes:
        content, self.content = self.content, b""
        return content


@lru_cache(maxsize=128)
def _known_segments(file: _Content, page: int) -> tuple[Segment, ...]:
    with opened(file.take()) as document:
        try:
            return tuple(_segments_of(document, page))
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("une page ne peut pas être lue") from error


def pages_of_text(content: bytes) -> list[list[list[str]]]:
    """For each page, the rows of its text, top to bottom, left to right. Raises `UnreadablePdf`."""
    with opened(content) as document:
        try:
            every = [_segments_of(document, number) for number in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("une page ne peut pas être lue") from error
    return [[[piece.text for piece in row] for row in rows_of(pieces)] for pieces in every]


def rows_of(pieces: list[Segment]) -> Iterator[list[Segment]]:
    """Pieces at one height make a row."""
    row: list[Segment] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if row and piece.y - row[0].y > _ROW_HEIGHT:
            yield sorted(row, key=lambda piece: piece.x)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda piece: piece.x)


def page_picture(content: bytes, page: int, *, content_type: str = PDF_TYPE) -> Picture:
    """A page (from 0) of a PDF, or a photograph, never heavier than `HEAVIEST`.

    Raises IndexError past the last page, `UnreadablePdf`.
    """
    if content_type == PDF_TYPE:
        return _light(_drawn(content, page))
    if page != 0:
        raise IndexError(page)
    try:
        with Image.open(io.BytesIO(content)) as photo:
            return _light(photo.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise UnreadablePdf("cette image ne peut pas être lue") from error


def _drawn(content: bytes, page: int) -> Image.Image:
    with opened(content) as document:
        try:
            if not 0 <= page < len(document):
                raise IndexError(page)
            sheet = document[page]
            scale = min(IMAGE_WIDTH / sheet.get_width(), TALLEST / sheet.get_height())
            drawn: Image.Image = sheet.render(scale=scale, rev_byteorder=True).to_pil()
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("une page ne peut pas être dessinée") from error
    # A copy of seven megabytes costs as much as the drawing.
    return drawn if drawn.mode == "RGB" else drawn.convert("RGB")


def _light(image: Image.Image) -> Picture:
    """A page of text keeps its edges in a palette; a scan is a photograph, as good as the weight allows."""
    image.thumbnail((IMAGE_WIDTH, TALLEST))
    out = io.BytesIO()
    _in_few_colours(image).save(out, "PNG", compress_level=4)
    if out.tell() <= HEAVIEST:
        return Picture(out.getvalue(), "image/png")
    for width, quality in _QUALITIES:
        smaller = image.copy()
        smaller.thumbnail((width, TALLEST))
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= HEAVIEST:
            break
    return Picture(out.getvalue(), "image/jpeg")


def _in_few_colours(image: Image.Image) -> Image.Image:
    """The same page with a palette: that of its own colours where they are those of a text, which costs a fifth."""
    found = image.getcolors(MOST_COLOURS)
    palette = _palette_of(found) if found else []
    if not palette:
        return image.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    holder = Image.new("P", (1, 1))
    holder.putpalette([part for colour in palette for part in colour])
    return image.quantize(palette=holder, dither=Image.Dither.NONE)


def _palette_of(found: list[tuple[int, Any]]) -> list[tuple[int, int, int]]:
    """The most frequent of each group of colours that an eye hardly tells apart; none when a palette is too short."""
    groups: dict[tuple[int, int, int], tuple[int, tuple[int, int, int]]] = {}
    for count, (red, green, blue) in found:
        group = (red >> NEAR_BITS, green >> NEAR_BITS, blue >> NEAR_BITS)
        groups[group] = max(groups.get(group, (0, (0, 0, 0))), (count, (red, green, blue)))
    return [colour for _count, colour in groups.values()] if len(groups) <= PALETTE else []


@contextmanager
def opened(source: Path | bytes) -> Iterator[Any]:
    """A PDF in PDFium, under its lock. Raises `UnreadablePdf`."""
    with pdfium_lock:
        try:
            document = pypdfium2.PdfDocument(source)
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise UnreadablePdf(reason(error)) from error
        try:
            yield document
        finally:
            document.close()


def _segments_of(document: Any, page: int) -> list[Segment]:
    sheet = document[page]
    return list(_segments(sheet.get_textpage(), sheet.get_height()))


def _segments(text_page: Any, height: float) -> Iterator[Segment]:
    for rank in range(text_page.count_rects()):
        left, bottom, right, top = text_page.get_rect(rank)
        text = text_page.get_text_bounded(left=left, bottom=bottom, right=right, top=top).strip()
        if text:
            yield Segment(left, height - (top + bottom) / 2, text, right)


def reason(error: Exception) -> str:
    """Why a PDF does not open, in French."""
    if isinstance(error, pikepdf.PasswordError) or "password" in str(error).lower():
        return "il est protégé par un mot de passe"
    return "il est abîmé ou ce n’est pas un PDF"
