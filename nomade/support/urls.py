"""Addresses of the support on the portal host, under /assistance/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.support.views import help as help_views
from nomade.support.views import portal, reports

urlpatterns: list[URLPattern] = [
    path("", help_views.index, name="index"),
    path("aide/<slug:slug>/", help_views.guide, name="guide"),
    path("signaler/", reports.report, name="report"),
    path("demandes/<uuid:ticket_id>/", portal.ticket, name="ticket"),
    path("confirmation/<uuid:check_id>/", portal.confirmation, name="confirmation"),
    path("code/", portal.code, name="code"),
    path("actions/", portal.delayed_list, name="delayed-list"),
    path("actions/<uuid:check_id>/", portal.delayed, name="delayed"),
    path("actions/<uuid:check_id>/arret/", portal.stop, name="stop"),
]
