"""Addresses on the four hosts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from nomade.kernel.http import HostRole

URLCONFS: dict[HostRole, str] = {
    "portal": "nomade.config.urls.portal",
    "webmail": "nomade.config.urls.webmail",
    "content": "nomade.config.urls.content",
    "support": "nomade.config.urls.support",
}


def origin(role: HostRole) -> str:
    """`https://host[:port]` of one of the four hosts; the port is left out when it is 443."""
    port = settings.NOMADE.port
    return f"https://{settings.NOMADE.hosts[role]}" + ("" if port == 443 else f":{port}")


def absolute_url(role: HostRole, viewname: str, *args: Any, **kwargs: Any) -> str:
    """The full address of a view on one of the four hosts. Raises NoReverseMatch as `reverse` does."""
    return origin(role) + reverse(viewname, urlconf=URLCONFS[role], args=args or None, kwargs=kwargs or None)
