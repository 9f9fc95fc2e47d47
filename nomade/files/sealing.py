"""Sealed bytes in the storage, and back. No database here: the processes of an import use it too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage, storages

from nomade.kernel.encryption import DecryptionFailed, key_version, seal, unseal
from nomade.kernel.errors import Unavailable

_CLOSED = "Vos documents ne peuvent pas être ouverts pour le moment. Rien n’est perdu, le reste du portail fonctionne."


class DocumentDamaged(Unavailable):
    """What the storage holds is not what was put there: altered, cut short, or another document. Nothing is given."""

    def __init__(self, reason: str) -> None:
        message = "Ce document ne correspond plus à ce qui a été déposé : il n’est pas montré. L’équipe est prévenue."
        super().__init__("documents", message, retry=False)
        self.reason = reason


class DocumentUnavailable(Unavailable):
    """The storage does not answer, or the key of the document is absent. Only documents are concerned."""

    def __init__(self, reason: str) -> None:
        super().__init__("documents", _CLOSED)
        self.reason = reason


class DocumentQuarantined(Unavailable):
    """The antivirus has not seen the file yet, or has refused it: it is served to nobody."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__("documents", message, retry=retry)


@dataclass(frozen=True, slots=True)
class Content:
    """A document about to be stored. `owner` is the agent's id."""

    id: UUID
    owner: int | None
    plain: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a document tells."""

    id: UUID
    owner: int | None
    size: int
    sha256: str
    key_version: str
    storage_name: str


def write(content: Content) -> Written:
    """Seals a document and writes it under a name drawn from its id; written twice, the second replaces the first.

    Raises `DocumentUnavailable` when no key is set or the storage refuses.
    """
    if not settings.NOMADE.encryption_keys:
        raise DocumentUnavailable("no encryption key is set")
    sealed = seal(content.plain, context=binding(content.id, content.owner))
    name = storage_name(content.id)
    storage = _storage()
    try:
        # An interrupted import writes the same document again: the storage must not invent another name for it.
        if storage.exists(name):
            storage.delete(name)
        stored = storage.save(name, BytesIO(sealed))
    except OSError as error:
        raise DocumentUnavailable(f"the storage refuses: {error}") from error
    digest = hashlib.sha256(content.plain).hexdigest()
    return Written(content.id, content.owner, len(content.plain), digest, key_version(sealed), stored)


def write_again(file_id: UUID, owner: int | None, plain: bytes) -> tuple[str, str]:
    """Seals the same document under the current key, beside the former; returns its name and the key's version."""
    sealed = seal(plain, context=binding(file_id, owner))
    version = key_version(sealed)
    name = f"{storage_name(file_id)}.{version}"
    storage = _storage()
    try:
        if storage.exists(name):
            storage.delete(name)
        return storage.save(name, BytesIO(sealed)), version
    except OSError as error:
        raise DocumentUnavailable(f"the storage refuses: {error}") from error


def write_many(contents: Iterable[Content]) -> list[Written]:
    """Writes several documents, in order."""
    return [write(content) for content in contents]


def read_sealed(name: str, file_id: UUID, owner: int | None) -> bytes:
    """The clear content. Raises `DocumentDamaged` or `DocumentUnavailable`."""
    try:
        with _storage().open(name, "rb") as file:
            sealed: bytes = file.read()
    except FileNotFoundError as error:
        raise DocumentDamaged(f"{file_id}: the storage has no such file") from error
    except OSError as error:
        raise DocumentUnavailable(f"the storage does not answer: {error}") from error
    try:
        return unseal(sealed, context=binding(file_id, owner))
    except DecryptionFailed as error:
        if key_version(sealed) not in {key.version for key in settings.NOMADE.encryption_keys} and sealed[:3] == b"NM1":
            raise DocumentUnavailable(f"{file_id}: its key {key_version(sealed)!r} is absent") from error
        raise DocumentDamaged(f"{file_id}: {error}") from error


def remove(name: str) -> None:
    """Deletes the sealed content; says nothing when it is already gone."""
    _storage().delete(name)


def binding(file_id: UUID, owner: int | None) -> bytes:
    """What a sealed document is bound to: its own id and its owner's, so that two files can never be exchanged."""
    return f"file:{file_id}:{owner if owner is not None else ''}".encode()


def storage_name(file_id: UUID) -> str:
    """4,096 folders: a few thousand files in each at ten million documents, and few folders to make for an import."""
    text = file_id.hex
    return f"{text[:3]}/{text}"


def _storage() -> Storage:
    return storages["documents"]
