"""The files given to an import: one PDF, or a ZIP of PDFs unpacked with care."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nomade.kernel.errors import Refusal

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


@contextmanager
def opened_sources(path: Path) -> Iterator[list[Source]]:
    """The PDFs of a file; those of a ZIP live in a private folder that disappears at the end. Raises `Refusal`."""
    if not zipfile.is_zipfile(path):
        yield [Source(path.name, path)]
        return
    with TemporaryDirectory(prefix="nomade-paie-") as folder:
        yield list(_unpacked(path, Path(folder)))


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
    others = [entry.filename for entry in entries if not entry.filename.lower().endswith(".pdf")]
    if others:
        raise Refusal(f"L’archive {name} contient autre chose que des PDF : {others[0]}.")
    packed = sum(entry.compress_size for entry in entries)
    plain = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or plain > MAX_BYTES or plain > MAX_RATIO * max(packed, 1):
        raise Refusal(f"L’archive {name} est anormalement grande une fois ouverte : elle est refusée.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refusal(f"L’archive {name} est protégée par un mot de passe.")
