"""Help on the portal host: open to all, from anywhere, signed in or not."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nomade.kernel.clock import now
from nomade.kernel.health import checks
from nomade.kernel.hosts import origin
from nomade.kernel.http import PortalRequest, Zone, public
from nomade.kernel.pages import render
from nomade.support.guides import BY_SLUG, GUIDES
from nomade.support.queries import STALE, going_on, parts
from nomade.support.wording import contacts, opening_in_words


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Whom to call, what to try, what is going on, how to report a malfunction."""
    at_work = cast(PortalRequest, request).zone is Zone.PROFESSIONAL
    context = {
        "guides": GUIDES,
        "contacts": contacts(),
        "opening": opening_in_words(),
        "incidents": going_on(),
        "states": states(),
        "support_portal": origin("support") + "/" if at_work else "",
        "tool_url": settings.NOMADE.support_tool_url,
    }
    return render(request, "support/index.html", context)


def states() -> list[tuple[str, str, bool]]:
    """Each part of the portal, its state in words, and whether it is well; what nobody checked lately is not named."""
    labels = {check.key: str(check.label) for check in checks()}
    fresh = [part for part in parts() if part.key in labels and part.checked_at > now() - STALE]
    return [(_("Portail"), _("fonctionne"), True)] + [
        (labels[part.key], _("fonctionne") if part.well else _("ne répond pas"), part.well) for part in fresh
    ]


@public
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """One problem, what to do."""
    found = BY_SLUG.get(slug)
    if found is None:
        raise Http404
    context = {"guide": found, "contacts": contacts(), "opening": opening_in_words()}
    return render(request, found.template, context)
