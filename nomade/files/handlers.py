"""Stops a request that is larger than what its page takes, before it is read.

Security comes first here: the token of a form is checked before anybody's rights are, so a file is received before the
portal knows whether its sender may send one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 1024 * 1024
# Twenty files of ten megabytes, and the form around them; nobody who is not signed in sends files.
SIGNED_IN, STRANGER = 205 * MEGABYTE, MEGABYTE

_larger: dict[str, Callable[[], int]] = {}


def takes_larger(view_name: str, bytes_at_most: Callable[[], int]) -> None:
    """Declares a page (`payslips:import-new`) that takes more; called once, from `apps.py`."""
    _larger[view_name] = bytes_at_most


class CappedUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: refuses by the announced length, then by what really comes.

    Never keeps anything itself: it passes each piece on to the next handler.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0
        self.most = STRANGER

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # Django's own name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig for an announced length that is too much."""
        self.most = self._limit()
        self._check(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Raises RequestDataTooBig once too much has come."""
        self.received += len(raw_data)
        self._check(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the next handler."""

    def _limit(self) -> int:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return STRANGER
        view = getattr(self.request, "resolver_match", None)
        larger = _larger.get(view.view_name) if view else None
        return max(SIGNED_IN, larger()) if larger else SIGNED_IN

    def _check(self, size: int) -> None:
        if size > self.most:
            raise RequestDataTooBig(f"a request of more than {self.most} bytes")
