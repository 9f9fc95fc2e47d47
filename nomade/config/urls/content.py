"""The content host: what other people wrote, isolated; no cookie, no session, only signed short-lived addresses."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from nomade.config.urls import health

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", health.live)]
if "mail" in settings.NOMADE.services:
    urlpatterns.append(path("courrier/", include(("nomade.mail.content_urls", "mail-content"))))

handler400 = "nomade.config.urls.plain.bad_request"
handler403 = "nomade.config.urls.plain.forbidden"
handler404 = "nomade.config.urls.plain.not_found"
handler500 = "nomade.config.urls.plain.server_error"
