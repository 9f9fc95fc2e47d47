"""Addresses of certificates, under /attestations/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.certificates.views import office, own, requested

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("etablir/", own.issue, name="issue"),
    path("<uuid:certificate_id>/", own.page, name="page"),
    path("<uuid:certificate_id>/attestation.pdf", own.download, name="download"),
    path("<uuid:certificate_id>/reglages/", own.configure, name="configure"),
    path("<uuid:certificate_id>/revoquer/", own.revoke, name="revoke"),
    path("demander/", own.ask, name="ask"),
    path("demande/<uuid:request_id>/", own.request_page, name="request"),
    path("demande/<uuid:request_id>/document.pdf", own.request_file, name="request-file"),
    path("demande/<uuid:request_id>/annuler/", own.cancel, name="cancel"),
    *requested.ROOM.paths("demande/<uuid:request_id>/"),
    path("gestion/", office.index, name="office"),
    path("gestion/demande/<uuid:request_id>/", office.answer, name="answer"),
    path("gestion/textes/<slug:kind>/", office.text, name="text"),
]
