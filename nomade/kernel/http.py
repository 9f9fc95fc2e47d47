"""The request as the portal's own code sees it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Literal, TypeVar

from django.http import HttpRequest, HttpResponseBase

HostRole = Literal["portal", "webmail", "content", "support"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Zone(StrEnum):
    """Where a request comes from."""

    INTERNET = "internet"
    PROFESSIONAL = "professional"


class PortalRequest(HttpRequest):
    """A request that went through `RequestContextMiddleware`."""

    zone: Zone
    reference: str
    host_role: HostRole
    client_address: str


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page rather than for the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def public(view: View) -> View:
    """Marks a view that needs no sign-in; every other view is closed by `SignInRequiredMiddleware`."""
    view.login_required = False  # type: ignore[attr-defined]
    return view
