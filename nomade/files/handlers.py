"""Stops a request that is larger than anything the portal takes, before it is read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Twenty files of ten megabytes, and the form around them.
LARGEST_REQUEST = 205 * 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: refuses by the announced length, then by what really comes.

    Never keeps anything itself: it passes each piece on to the next handler.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # Django's own name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig for an announced length that is too much."""
        self._check(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Raises RequestDataTooBig once too much has come."""
        self.received += len(raw_data)
        self._check(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the next handler."""

    def _check(self, size: int) -> None:
        if size > LARGEST_REQUEST:
            raise RequestDataTooBig(f"a request of more than {LARGEST_REQUEST} bytes")
