"""A refusal that no view caught, a wrong way in, an outside system that is down: each is a page in plain French."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from nomade.kernel.encryption import DecryptionFailed
from nomade.kernel.errors import Refusal, Unavailable
from nomade.ui.errors import error_page, not_this_way, outage

log = logging.getLogger("nomade.request")


class ErrorMiddleware:
    """Turns `Refusal` into 422, `Unavailable` or a failing database or disk into 503; words an empty 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"streamed"):
            page = not_this_way(request)
            page["Allow"] = response.headers.get("Allow", "")
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return error_page(request, 422, error.message, in_shell=True)
        if isinstance(error, DecryptionFailed):
            log.error("sealed reference=%s: %s", getattr(request, "reference", ""), error)
        if isinstance(error, Unavailable):
            log.warning("unavailable system=%s reference=%s", error.system, getattr(request, "reference", ""))
            return error_page(request, 503, error.message, retry=error.retry, in_shell=True)
        if words := outage(error):
            log.error("outage reference=%s: %s", getattr(request, "reference", ""), error)
            return error_page(request, 503, words)
        return None
