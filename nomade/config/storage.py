"""Where encrypted documents lie: a folder, or a bucket of an S3-compatible server (`docs/operations.md`)."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from nomade.config.fields import text
from nomade.config.reader import Reader, SettingError

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_OPTIONS = ("endpoint", "region", "prefix")


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """The keys of a bucket; without them, those of the machine (role of an instance, `~/.aws`)."""

    storage_access_key: str = text()
    storage_secret_key: str = text()


def read_storage_url(reader: Reader) -> str:
    """`file:///folder`, `s3://bucket?endpoint=…&region=…&prefix=…`, or nothing. Raises `SettingError`."""
    value = reader.url("STORAGE_URL", ("file", "s3"))
    if not value.startswith("s3:"):
        return value
    parts = urlsplit(value)
    if not _BUCKET.fullmatch(parts.netloc):
        raise SettingError(
            "Réglage NOMADE_STORAGE_URL : après s3:// vient le nom du compartiment, sans identifiant ni port ;"
            " le serveur s’indique par « ?endpoint=https://… »."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = [name for name in options if name not in _OPTIONS]
    if unknown:
        raise SettingError(
            f"Réglage NOMADE_STORAGE_URL : « {unknown[0]} » n’est pas une option ; il y a {', '.join(_OPTIONS)}."
        )
    if urlsplit(options.get("endpoint", "https://")).scheme not in ("https", "http"):
        raise SettingError(
            "Réglage NOMADE_STORAGE_URL : « endpoint » commence par https:// (ou http:// sur la machine)."
        )
    if bool(reader.text("STORAGE_ACCESS_KEY")) != bool(reader.text("STORAGE_SECRET_KEY")):
        raise SettingError(
            "Réglages NOMADE_STORAGE_ACCESS_KEY et NOMADE_STORAGE_SECRET_KEY : il faut les deux, ou aucun."
        )
    if importlib.util.find_spec("storages") is None or importlib.util.find_spec("boto3") is None:
        raise SettingError(
            "Réglage NOMADE_STORAGE_URL : « s3:// » a besoin de bibliothèques de plus :"
            " .venv/bin/pip install --require-hashes -r requirements/s3.txt."
        )
    return value


def document_storage(environment: Any) -> dict[str, Any]:
    """What Django's STORAGES says of the documents."""
    url = environment.storage_url
    if not url.startswith("s3:"):
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": unquote(urlsplit(url).path) if url else str(Path(environment.data_dir) / "files"),
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "BACKEND": "nomade.files.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region") or "us-east-1",
            "location": options.get("prefix", "").strip("/"),
            "access_key": environment.storage_access_key or None,
            "secret_key": environment.storage_secret_key or None,
        },
    }
