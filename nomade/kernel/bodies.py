"""Requests whose body comes slowly never hold every thread.

The web server gives a request to one of its few threads as soon as its head is there; the thread then waits for the
body, for as long as the client likes, and nothing in Python can end that wait. Eight connections that announce a body
and send none stopped the whole portal. So one thread of each process never waits for a body: pages go on being read.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

# The body of a form has come long before; so long a wait means that every place is held by slow ones.
WAIT_SECONDS = 0.05
# Read whole before the portal hears of the request; a file is read as it comes.
FORM = 64 * 1024
REFUSED = (
    "<!doctype html><html lang='fr'><meta charset='utf-8'><title>Envoi impossible pour le moment</title>"
    "<h1>Trop d’envois sont en cours</h1>"
    "<p>Rien n’a été enregistré. Revenez à la page précédente et réessayez dans quelques secondes.</p></html>"
).encode()
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class KeepOneThread:
    """Around the application: `threads` is how many requests this process answers at once, 0 where nobody knows."""

    def __init__(self, application: Application, threads: int) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(threads - 1) if threads > 1 else None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = _length(environ)
        if not length or self._places is None:
            return self._application(environ, start_response)
        if not self._places.acquire(timeout=WAIT_SECONDS):
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(REFUSED)))]
            start_response("503 Service Unavailable", [*headers, ("Retry-After", "5"), ("Cache-Control", "no-store")])
            return [REFUSED]
        try:
            if length > FORM:
                return self._application(environ, start_response)
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        finally:
            self._places.release()
        return self._application(environ, start_response)


def _length(environ: dict[str, Any]) -> int:
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0
