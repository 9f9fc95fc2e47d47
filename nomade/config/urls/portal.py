"""The portal host: accounts, then each enabled service under its own prefix."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from nomade.config.urls import health, violations
from nomade.kernel.registry import services

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.live),
    path("securite/csp", violations.report),
    path("readyz", health.ready),
    path("", include("nomade.accounts.urls")),
    path("", include("nomade.notifications.urls")),
    path("", include("nomade.cases.urls")),
    path("", include("nomade.ui.urls")),
    path("administration/", include("nomade.administration.urls")),
    path("portefeuille/", include("nomade.administration.portfolio.urls")),
    *(path(service.prefix, include((service.urls, service.key))) for service in services()),
]

if "certificates" in settings.NOMADE.services:
    # Printed on papers, flashed by people who have no account: an address of its own, which never moves.
    urlpatterns.append(path("verifier/", include("nomade.certificates.check_urls")))

if not settings.NOMADE.production:
    urlpatterns.append(path("style/", include("nomade.ui.style_urls")))

handler400 = "nomade.ui.errors.bad_request"
handler403 = "nomade.ui.errors.forbidden"
handler404 = "nomade.ui.errors.not_found"
handler500 = "nomade.ui.errors.server_error"
