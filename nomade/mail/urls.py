"""Addresses of the mail: under `/messagerie/` on the portal, at the root of the webmail host."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail import unlocking
from nomade.mail.contacts import urls as contacts
from nomade.mail.filters import urls as filters
from nomade.mail.reading import urls as reading
from nomade.mail.writing import urls as writing

app_name = "mail"
urlpatterns: list[URLPattern] = [
    *reading.urlpatterns,
    *writing.urlpatterns,
    *contacts.urlpatterns,
    *filters.urlpatterns,
    path("ouvrir/", unlocking.unlock, name="unlock"),
]
