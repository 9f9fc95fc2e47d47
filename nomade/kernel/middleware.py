"""What happens to every request before a view and after it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nomade.kernel.crowd import crowd
from nomade.kernel.hosts import URLCONFS
from nomade.kernel.http import HostRole, PortalRequest, Zone
from nomade.kernel.ids import new_reference
from nomade.kernel.readonly import read_only

Next = Callable[[HttpRequest], HttpResponseBase]

# One policy for every answer; a page's Content-Security-Policy is set by django-csp.
HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
}


def client_address(request: HttpRequest) -> str:
    """The address of the client: the peer's, or, behind trusted proxies, the last one that no trusted proxy has."""
    peer = request.META.get("REMOTE_ADDR", "") or "127.0.0.1"
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while _in(peer, settings.NOMADE.trusted_proxies) and forwarded:
        peer = _address(forwarded.pop())
    return peer


def _address(written: str) -> str:
    """An address as proxies write it, with or without a port; what is none counts as nobody's (0.0.0.0)."""
    bare = written.removeprefix("[").partition("]")[0] if written.startswith("[") else written
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  # nobody's address, not one to listen on


def _in(address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)


def zone_of(address: str) -> Zone:
    """The zone of an address: professional when one of NOMADE_PROFESSIONAL_NETWORKS holds it."""
    if settings.NOMADE.zone == "internet":
        return Zone.INTERNET
    return Zone.PROFESSIONAL if _in(address, settings.NOMADE.professional_networks) else Zone.INTERNET


class RequestContextMiddleware:
    """Names the request, tells its host and zone, picks the urlconf, adds the headers of every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponseBase:
        request = cast(PortalRequest, plain)
        request.reference = new_reference()
        request.client_address = client_address(request)
        request.zone = zone_of(request.client_address)
        request.host_role = self._role(request)
        request.urlconf = URLCONFS[request.host_role]  # type: ignore[attr-defined]
        with crowd.one_more():
            response = self.get_response(request)
        response.headers.setdefault("X-Request-Reference", request.reference)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # The portal and the webmail show in a frame what the content host serves; nobody else may.
        sharing = "same-site" if request.host_role == "content" else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", sharing)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _role(self, request: HttpRequest) -> HostRole:
        host = request.get_host().rsplit(":", 1)[0].lower()
        for role, name in settings.NOMADE.hosts.items():
            if host == name:
                return cast(HostRole, role)
        return "portal"


class ReadOnlyGetMiddleware:
    """Makes a GET that writes raise: in development and in tests (settings.GUARD_READ_ONLY_GET)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not settings.GUARD_READ_ONLY_GET:
            return self.get_response(request)
        with read_only():
            return self.get_response(request)
