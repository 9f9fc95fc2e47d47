"""The documents of a bucket, to a backup and back: sealed objects, copied one by one."""

from __future__ import annotations

import os
import tarfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from nomade.config.environment import Environment
from nomade.config.storage import document_storage
from nomade.runtime.errors import StartRefused

if TYPE_CHECKING:
    from nomade.files.bucket import Bucket


def opened(environment: Environment) -> Bucket:
    """The bucket of these settings. Imported here: its libraries are there only where one is used."""
    from nomade.files.bucket import Bucket

    return Bucket(**document_storage(environment)["OPTIONS"])


def check(environment: Environment) -> str:
    """The name of the bucket when it answers. Raises OSError with the reason."""
    bucket = opened(environment)
    bucket.check()
    return f"compartiment {bucket.bucket_name}"


def pack(environment: Environment, target: Path) -> None:
    """Every object into an archive that its owner alone can read. Raises `StartRefused`."""
    bucket = opened(environment)
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for name in bucket.names():
                    _add(archive, bucket, name)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StartRefused(f"Le compartiment des documents ne peut pas être copié : {error}") from error


def _add(archive: tarfile.TarFile, bucket: Bucket, name: str) -> None:
    try:
        with bucket.open(name, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return  # purged by its owner since the list was made
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, BytesIO(content))


def unpack(environment: Environment, source: Path) -> None:
    """Every document of an archive into the bucket; what the bucket has besides stays. Raises `StartRefused`."""
    if not source.exists():
        return
    bucket = opened(environment)
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is not None:
                    bucket.save(entry.name, BytesIO(content.read()))
    except OSError as error:
        raise StartRefused(f"Les documents ne peuvent pas être remis dans le compartiment : {error}") from error
