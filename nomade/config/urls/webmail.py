"""The webmail host: it opens straight on the mail."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from nomade.config.urls import health, violations

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.live),
    path("securite/csp", violations.report),
    path("", include("nomade.accounts.urls")),
    path("", include("nomade.notifications.urls")),
    path("", include("nomade.cases.urls")),
    path("", include("nomade.ui.urls")),
]
if "mail" in settings.NOMADE.services:
    urlpatterns.append(path("", include(("nomade.mail.urls", "mail"))))

handler400 = "nomade.ui.errors.bad_request"
handler403 = "nomade.ui.errors.forbidden"
handler404 = "nomade.ui.errors.not_found"
handler500 = "nomade.ui.errors.server_error"
