"""Where browsers tell what the Content-Security-Policy stopped (`report-uri`, CSP Level 3 § 5.3; ASVS 3.4.7).

A violation is a fault of ours or an attack: it is written in the log of the program, without the person, the query of
the address nor anything typed. A page cannot fill the log: a process writes so many lines a minute and counts the rest.
"""

from __future__ import annotations

import json
import logging
import time
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from nomade.kernel.http import public

log = logging.getLogger("nomade.csp")
LARGEST_REPORT = 16 * 1024
LINES_A_MINUTE = 30
KINDS_OF_SOURCE = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy"})


class _Tap:
    """How many lines were written in this minute, and how many were not."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._minute, self._written, self._left = 0, 0, 0

    def opens(self) -> bool:
        """Whether one more line may be written; says how many were not when a new minute begins."""
        minute = int(time.monotonic()) // 60
        with self._guard:
            if minute != self._minute:
                if self._left:
                    log.warning("csp others=%d", self._left)
                self._minute, self._written, self._left = minute, 0, 0
            self._written += 1
            self._left += self._written > LINES_A_MINUTE
            return self._written <= LINES_A_MINUTE


_tap = _Tap()


@public
@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Writes one violation in the log. 400 for what is no report, 413 for a long one."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_REPORT:
        return HttpResponse(status=413)
    try:
        told = json.loads(request.body)["csp-report"]
        directive, blocked, page = (
            str(told.get(name, "")) for name in ("violated-directive", "blocked-uri", "document-uri")
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    if _tap.opens():
        log.warning("csp directive=%s blocked=%s page=%s", _word(directive), _source(blocked), _view(page))
    return HttpResponse(status=204)


def _word(text: str) -> str:
    return "".join(
        sign for sign in text.split(" ", maxsplit=1)[0] if sign.isascii() and (sign.isalnum() or sign == "-")
    )[:40]


def _source(uri: str) -> str:
    """The kind of source or the site that was blocked, never a whole address."""
    if uri in KINDS_OF_SOURCE:
        return uri
    try:
        parts = urlsplit(uri)
        return f"{_word(parts.scheme)}://{parts.hostname.encode('idna').decode()[:120]}" if parts.hostname else "other"
    except (ValueError, UnicodeError):
        return "other"


def _view(uri: str) -> Any:
    """The name of the view that made the page: its address may hold a secret."""
    try:
        return resolve(urlsplit(uri).path).view_name
    except (ValueError, Resolver404):
        return "unknown"
