"""A portal where nobody can sign in yet opens on its set-up assistant."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from nomade.administration import installation
from nomade.kernel.hosts import origin

# Machines ask these before anybody is there; the brand's own style sheet is on the assistant's pages too.
_OPEN = ("/healthz", "/readyz", "/static/", "/marque.css", "/style/")


class InstallationMiddleware:
    """Sends every page to the assistant while it is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        assistant = reverse("administration:installation", urlconf="nomade.config.urls.portal")
        if request.path.startswith((assistant, *_OPEN)) or not installation.is_open():
            return self.get_response(request)
        return HttpResponseRedirect(origin("portal") + assistant)
