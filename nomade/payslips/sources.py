"""The files given to an import: one PDF, or a ZIP of PDFs (with or without an index) unpacked with care."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from nomade.kernel.errors import Refusal
from nomade.payslips.splitting.index import IndexLine, read_index

MAX_ENTRIES = 200_000
MAX_BYTES = 40 * 1024**3
MAX_RATIO = 100


@dataclass(frozen=True, slots=True)
class Source:
    """One PDF on disk, under the name that reports give it."""

    name: str
    path: Path


def fingerprint(path: Path) -> str:
    """SHA-256 of a file of any size, in hexadecimal. Raises `Refusal` when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise Refusal(f"Le fichier {path.name} ne peut pas être lu : {error.strerror}.") from error
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Given:
    """What an import was given: PDFs, and the payroll's index when there is one."""

    sources: list[Source]
    index: list[IndexLine] = field(default_factory=list)


@contextmanager
def opened_sources(path: Path) -> Iterator[Given]:
    """The PDFs of a file; those of a ZIP live in a private folder that disappears at the end. Raises `Refusal`."""
    if not zipfile.is_zipfile(path):
        yield Given([Source(path.name, path)])
        return
    with TemporaryDirectory(prefix="nomade-paie-") as folder:
        found = list(_unpacked(path, Path(folder)))
        index = [source for source in found if source.name.lower().endswith(".csv")]
        pdfs = [source for source in found if source not in index]
        if len(index) > 1 or not pdfs:
            raise Refusal(f"L’archive {path.name} doit contenir des PDF, et au plus un index CSV.")
        lines = read_index(index[0].path.read_bytes(), index[0].name, [pdf.name for pdf in pdfs]) if index else []
        yield Given(pdfs, lines)


def _unpacked(path: Path, folder: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(path.name, entries)
            for rank, entry in enumerate(sorted(entries, key=lambda entry: entry.filename)):
                # Named by rank: the name inside an archive is somebody else's text, never a path of ours.
                target = folder / f"{rank:06d}.pdf"
                with archive.open(entry) as packed, target.open("wb") as plain:
                    shutil.copyfileobj(packed, plain, 1 << 20)
                yield Source(entry.filename[-200:], target)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Refusal(f"L’archive {path.name} est abîmée : aucun bulletin n’a été lu.") from error


def _check(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if not entries:
        raise Refusal(f"L’archive {name} est vide.")
    others = [entry.filename for entry in entries if not entry.filename.lower().endswith((".pdf", ".csv"))]
    if others:
        raise Refusal(f"L’archive {name} contient autre chose que des PDF : {others[0]}.")
    packed = sum(entry.compress_size for entry in entries)
    plain = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or plain > MAX_BYTES or plain > MAX_RATIO * max(packed, 1):
        raise Refusal(f"L’archive {name} est anormalement grande une fois ouverte : elle est refusée.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refusal(f"L’archive {name} est protégée par un mot de passe.")
