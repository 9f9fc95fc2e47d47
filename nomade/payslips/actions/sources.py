"""Keeping the payroll's file as it was received, with its fingerprint, and laying it out again for a job."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import NAMESPACE_OID, uuid5

from django.db import IntegrityError, transaction

from nomade.files import sealing, store
from nomade.files.sealing import Content
from nomade.files.store import Document, DocumentDamaged, DocumentUnavailable
from nomade.kernel.clock import now
from nomade.payslips.models import KeptSource, SourcePart

# Sealing holds a part and its sealed copy in memory: flat whatever the size of the file.
PART = 8 * 1024**2


def keep(path: Path, digest: str, *, name: str = "") -> KeptSource:
    """Seals a file part by part; the same content is kept once. Raises `DocumentUnavailable`."""
    known = KeptSource.objects.filter(sha256=digest).first()
    if known:
        return known
    # Ids drawn from the content: an interrupted keeping is written over by the next, and leaves nothing behind.
    identifier = uuid5(NAMESPACE_OID, f"nomade payslip source {digest}")
    source = KeptSource(
        id=identifier, sha256=digest, name=name or path.name, size=path.stat().st_size, created_at=now()
    )
    written: list[sealing.Written] = []
    try:
        with path.open("rb") as file:
            for rank, plain in enumerate(iter(lambda: file.read(PART), b"")):
                written.append(sealing.write(Content(uuid5(source.id, f"part {rank}"), None, plain)))
    except (OSError, DocumentUnavailable):
        # A full disk: no part stays without its row.
        for item in written:
            sealing.remove(item.storage_name)
        raise
    try:
        with transaction.atomic():
            source.save(force_insert=True)
            document = Document("payslip-source", source.name[:200], "application/octet-stream")
            files = store.register((item, document) for item in written)
            SourcePart.objects.bulk_create(
                SourcePart(source=source, rank=rank, file=file) for rank, file in enumerate(files)
            )
    except IntegrityError:
        # Somebody else kept the same file meanwhile, under the same ids.
        return KeptSource.objects.get(sha256=digest)
    return source


@contextmanager
def laid_out(source: KeptSource) -> Iterator[Path]:
    """The file in a private folder that disappears at the end. Raises `DocumentDamaged`, `DocumentUnavailable`."""
    with TemporaryDirectory(prefix="nomade-paie-") as folder:
        path = Path(folder) / (Path(source.name).name or "paie.pdf")
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for part in source.parts.select_related("file").order_by("rank"):
                plain = store.read(part.file)
                digest.update(plain)
                file.write(plain)
        if digest.hexdigest() != source.sha256:
            raise DocumentDamaged(f"source {source.pk}: fingerprint differs")
        yield path
