"""Pages travel compressed, except where their size could tell a stranger what is inside (BREACH)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from nomade.kernel.http import PortalRequest

SHORTEST = 1000
#: An attacker makes the browser ask for the same page with many guesses in its address and watches the sizes. Every
#: browser of our baseline says where a request comes from: what another site asked for is left as it is.
OUR_OWN = {"same-origin", "none"}
#: Where strangers write what is shown, bodies and subjects of mail, pages are left as they are too.
HOSTS, STRANGERS_WRITE = {"portal", "support"}, "mail"
RANDOM_BYTES = 100
Next = Callable[[HttpRequest], HttpResponseBase]


class PackingMiddleware:
    """Compresses the pages of our own navigation; what is served from files carries its own compression."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _may_be_packed(cast(PortalRequest, request), response):
            patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
            packed = compress_string(response.content, max_random_bytes=RANDOM_BYTES)
            response.content = packed
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(packed))
        return response


def _may_be_packed(request: PortalRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        request.headers.get("Sec-Fetch-Site", "") in OUR_OWN
        and request.host_role in HOSTS
        and not (match and STRANGERS_WRITE in match.namespaces)
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Encoding" not in response.headers
        and len(response.content) >= SHORTEST
    )
