"""Documents in a bucket of an S3-compatible server. The only place that knows boto3.

What is sent is sealed already (`nomade.files.sealing`): the server sees neither content nor name of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

# A page waits for it: better a sentence at once than an answer in a minute.
_CLIENT = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
)


@contextmanager
def _as_the_disk_would() -> Iterator[None]:
    """The store knows the errors of a disk; those of boto3 become the same."""
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(str(error)) from error
        raise OSError(str(error)) from error
    except BotoCoreError as error:
        raise OSError(str(error)) from error


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """One object a document: private, written whole, replaced when it is written again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            client_config=_CLIENT,
            default_acl=None,
            file_overwrite=True,
            querystring_auth=True,
            # Sent from this thread: an import has its own processes, a page has one small file.
            transfer_config=TransferConfig(use_threads=False),
        )

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """The object, read whole: what is read is small, and must be whole to be opened."""
        with _as_the_disk_would():
            opened: File[bytes] = super()._open(name, mode)
            opened.seek(0)
            return opened

    def _save(self, name: str, content: IO[bytes]) -> str:
        with _as_the_disk_would():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        """Whether an object has this name (the parent says no when files may be replaced)."""
        with _as_the_disk_would():
            try:
                self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            except ClientError as error:
                if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                    return False
                raise
            return True

    def delete(self, name: str) -> None:
        with _as_the_disk_would():
            super().delete(name)

    def names(self) -> Iterator[str]:
        """Every object below our prefix, by name relative to it."""
        with _as_the_disk_would():
            prefix = f"{self.location}/" if self.location else ""
            for item in self.bucket.objects.filter(Prefix=prefix):
                yield str(item.key).removeprefix(prefix)

    def check(self) -> None:
        """Raises OSError with the reason when the bucket does not answer or is not ours to use."""
        with _as_the_disk_would():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
