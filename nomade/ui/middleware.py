"""A refusal that no view caught, or an outside system that is down, becomes a page in plain French."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from nomade.kernel.errors import Refusal, Unavailable
from nomade.ui.errors import DATABASE_DOWN, error_page

log = logging.getLogger("nomade.request")


class ErrorMiddleware:
    """Turns `Refusal` into 422 and `Unavailable`, or a database that does not answer, into 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return error_page(request, 422, error.message, in_shell=True)
        if isinstance(error, Unavailable):
            log.warning("unavailable system=%s reference=%s", error.system, getattr(request, "reference", ""))
            return error_page(request, 503, error.message, retry=error.retry, in_shell=True)
        if isinstance(error, OperationalError | InterfaceError):
            log.error("database reference=%s: %s", getattr(request, "reference", ""), error)
            return error_page(request, 503, str(DATABASE_DOWN))
        return None
