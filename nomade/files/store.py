"""The encrypted store: what services call to keep a document and to read it back."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from nomade.files import sealing
from nomade.files.models import StoredFile
from nomade.files.sealing import Content, DocumentDamaged, DocumentQuarantined, DocumentUnavailable, Written
from nomade.kernel.clock import now
from nomade.people.models import Agent

log = logging.getLogger(__name__)

__all__ = [
    "Document",
    "DocumentDamaged",
    "DocumentQuarantined",
    "DocumentUnavailable",
    "delete",
    "put",
    "put_many",
    "read",
    "register",
]


@dataclass(frozen=True, slots=True)
class Document:
    """What a row says of a document beside its content."""

    kind: str
    name: str
    content_type: str
    awaiting_scan: bool = False


def put(
    content: bytes | Path,
    *,
    owner: Agent | None,
    kind: str,
    name: str,
    content_type: str,
    file_id: UUID | None = None,
    awaiting_scan: bool = False,
) -> StoredFile:
    """Keeps one document, sealed. Raises `DocumentUnavailable`."""
    plain = content.read_bytes() if isinstance(content, Path) else content
    written = sealing.write(Content(file_id or uuid4(), owner.pk if owner else None, plain))
    return register([(written, Document(kind, name, content_type, awaiting_scan))])[0]


def put_many(items: Iterable[tuple[Content, Document]]) -> list[StoredFile]:
    """Keeps several documents: files first, then all rows at once, so that a row always has its file."""
    written = [(sealing.write(content), document) for content, document in items]
    return register(written)


def register(written: Iterable[tuple[Written, Document]]) -> list[StoredFile]:
    """Adds the rows of documents that another process has already written with `sealing.write`."""
    at = now()
    return StoredFile.objects.bulk_create(
        StoredFile(
            id=item.id,
            owner_id=item.owner,
            kind=document.kind,
            name=document.name,
            content_type=document.content_type,
            size=item.size,
            sha256=item.sha256,
            key_version=item.key_version,
            storage_name=item.storage_name,
            created_at=at,
            awaiting_scan=document.awaiting_scan,
        )
        for item, document in written
    )


def read(stored: StoredFile) -> bytes:
    """The clear content, checked against what was put.

    Raises `DocumentQuarantined`, `DocumentDamaged` or `DocumentUnavailable`.
    """
    if stored.refused_at:
        raise DocumentQuarantined("Ce fichier a été refusé par l’antivirus : il a été supprimé.", retry=False)
    if stored.awaiting_scan:
        raise DocumentQuarantined(
            "Analyse antivirus en cours : ce fichier s’ouvrira dans quelques minutes.", retry=True
        )
    try:
        plain = _read(stored)
    except DocumentDamaged:
        # The alarm: somebody or something changed a document behind the portal's back.
        log.critical("stored file %s is damaged or was exchanged; it is not served", stored.id)
        raise
    except DocumentUnavailable as error:
        log.warning("stored file %s cannot be opened: %s", stored.id, error.reason)
        raise
    if hashlib.sha256(plain).hexdigest() != stored.sha256:
        log.critical("stored file %s does not have its recorded fingerprint; it is not served", stored.id)
        raise DocumentDamaged(f"{stored.id}: fingerprint differs")
    return plain


def _read(stored: StoredFile) -> bytes:
    """A file that a rotation of keys has just moved is looked for under its new name, once."""
    try:
        return sealing.read_sealed(stored.storage_name, stored.id, stored.owner_id)
    except DocumentDamaged:
        if not stored.storage_name.startswith(sealing.storage_name(stored.id)):
            raise
        moved = StoredFile.objects.filter(pk=stored.pk).values_list("storage_name", flat=True).first()
        if moved is None or moved == stored.storage_name:
            raise
        return sealing.read_sealed(moved, stored.id, stored.owner_id)


def delete(stored: StoredFile) -> None:
    """Removes a document: its row now, its content once the transaction is committed."""
    name = stored.storage_name
    stored.delete()
    transaction.on_commit(lambda: sealing.remove(name))
