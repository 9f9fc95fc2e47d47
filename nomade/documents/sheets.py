"""A document as the portal shows it: pictures of its pages, which it draws itself, and their text."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from nomade.files import drawing, store
from nomade.files.drawing import PDF_TYPE, UnreadablePdf
from nomade.files.http import preview
from nomade.files.models import StoredFile
from nomade.files.store import DocumentQuarantined

# The text beside the pictures; a longer document is downloaded.
MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a page shows of a document: an address for each picture, the rows of its text, or why there is nothing."""

    pictures: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    left: int = 0
    problem: str = ""


def sheets_of(stored: StoredFile, view: str, *identifiers: UUID) -> Sheets:
    """Reads a document. `view` draws its pages, under `identifiers` then a number from 1.

    Raises `DocumentDamaged` or `DocumentUnavailable`; a file that waits for the antivirus is told as such.
    """
    try:
        content = store.read(stored)
    except DocumentQuarantined as waiting:
        return Sheets(problem=waiting.message)
    if stored.content_type != PDF_TYPE:
        return Sheets(pictures=(reverse(view, args=[*identifiers, 1]),))
    try:
        pages = drawing.pages_of_text(content)
    except UnreadablePdf as error:
        return Sheets(problem=f"Ce document ne peut pas être montré : {error}. Téléchargez-le.")
    shown = min(len(pages), MOST_PAGES)
    return Sheets(
        pictures=tuple(reverse(view, args=[*identifiers, number]) for number in range(1, shown + 1)),
        rows=tuple(" ".join(row) for page in pages[:shown] for row in page),
        left=len(pages) - shown,
    )


def picture_of(stored: StoredFile, number: int) -> HttpResponse:
    """One page (from 1) as a picture. Raises Http404 for a page that is not there, `DocumentUnavailable` and so on."""
    try:
        drawn = drawing.page_picture(store.read(stored), number - 1, content_type=stored.content_type)
    except (IndexError, UnreadablePdf) as error:
        raise Http404 from error
    return preview(drawn.content, content_type=drawn.content_type)
