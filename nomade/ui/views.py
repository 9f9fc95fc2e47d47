"""Pages that belong to no service: accessibility, personal data, help; the theme; what makes the portal installable."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.http import public
from nomade.kernel.pages import render
from nomade.kernel.registry import services
from nomade.ui.appearance import THEME_COOKIE, THEMES, brand_css

A_YEAR = 365 * 24 * 3600


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (RGAA; loi 2005-102, art. 47; décret 2019-768)."""
    return render(request, "ui/accessibility.html")


@public
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long and one's rights (GDPR, art. 13); durations come from the services themselves."""
    rules = [(service.label, rule) for service in services() for rule in service.retention]
    return render(request, "ui/personal_data.html", {"rules": rules})


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to find help."""
    return render(request, "ui/help.html", {"services": [service for service in services() if service.help]})


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen theme in a cookie that says nothing of the person. Raises Refusal for an unknown theme."""
    theme = request.POST.get("theme", "")
    if theme not in (*THEMES, "system"):
        raise Refusal(_("Cette apparence n’existe pas."))
    back = request.POST.get("suite", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if safe else "/", status=303)
    if theme == "system":
        response.set_cookie(THEME_COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Lax", path="/")
    else:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@public
@require_safe
def brand(request: HttpRequest) -> HttpResponse:
    """The organisation's hue; empty when the portal keeps its own."""
    css = brand_css(settings.NOMADE.brand_colour) if settings.NOMADE.brand_colour else ""
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=600"})


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the portal beside its applications."""
    icons = [
        {"src": static("ui/icon.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("ui/icon-192.png"), "type": "image/png", "sizes": "192x192"},
        {"src": static("ui/icon-512.png"), "type": "image/png", "sizes": "512x512"},
        {"src": static("ui/icon-maskable-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
    ]
    content = {
        "id": "/",
        "name": _("Nomade, portail des agents de %(organisation)s") % {"organisation": settings.NOMADE.organisation},
        "short_name": "Nomade",
        "description": _("Paie, congés et messagerie des agents."),
        "lang": "fr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f9f6f1",
        "theme_color": "#1a3a70",
        "icons": icons,
    }
    return JsonResponse(
        content, content_type="application/manifest+json", headers={"Cache-Control": "public, max-age=3600"}
    )
