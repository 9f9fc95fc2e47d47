"""Where to go after a page that came in between."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """An address of this host that was asked for (`suite`), else the home page."""
    asked = request.POST.get("suite") or request.GET.get("suite") or ""
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else "/"
