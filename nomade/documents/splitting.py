"""Reading and cutting a large file in a process of its own, which knows neither the database nor the keys' owner."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from nomade.documents.pieces import Page
from nomade.files.drawing import UnreadablePdf
from nomade.files.splitting.matricules import matricules_in
from nomade.files.splitting.pdf import Cutter, bookmarked_pages, count_pages, page_texts
from nomade.kernel.errors import Refusal

MOST_ENTRIES = 20_000
MOST_BYTES = 2 * 1024**3
MOST_RATIO = 100
MOST_PAGES = 60_000


def read_pages(path: Path, pattern: str) -> tuple[list[Page], list[int]]:
    """What each page names, and where bookmarks lead. Raises `UnreadablePdf`."""
    wanted = re.compile(pattern)
    texts = page_texts(path, 0, count_pages(path))
    pages: list[Page] = [
        frozenset(matricules_in(text.content, wanted)) if text.content is not None else None for text in texts
    ]
    return pages, bookmarked_pages(path)


def cut_pieces(path: Path, pieces: list[list[int]]) -> list[bytes]:
    """The PDF of each list of pages, without what could act on its own. Raises `UnreadablePdf`."""
    cutter = Cutter(path)
    try:
        return [cutter.cut(pages) for pages in pieces]
    finally:
        cutter.close()


def unpacked(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The PDFs of an archive, written under names of ours. Raises `Refusal`."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            for rank, entry in enumerate(sorted(entries, key=lambda entry: entry.filename)):
                target = folder / f"{rank:06d}.pdf"
                target.write_bytes(archive.read(entry))
                yield PurePosixPath(entry.filename).name[-150:], target
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Refusal("L’archive est abîmée : rien n’a été lu.") from error


def _check(entries: list[zipfile.ZipInfo]) -> None:
    others = [entry.filename for entry in entries if not entry.filename.lower().endswith(".pdf")]
    packed = sum(entry.compress_size for entry in entries)
    plain = sum(entry.file_size for entry in entries)
    if not entries or others:
        raise Refusal("L’archive doit contenir des PDF, et rien d’autre.")
    if len(entries) > MOST_ENTRIES or plain > MOST_BYTES or plain > MOST_RATIO * max(packed, 1):
        raise Refusal("L’archive est anormalement grande une fois ouverte : elle est refusée.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refusal("L’archive est protégée par un mot de passe.")


__all__ = ["UnreadablePdf", "cut_pieces", "read_pages", "unpacked"]
