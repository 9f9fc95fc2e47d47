"""The home page of the portal, its visit and the helps of each role."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.home import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("visite/", views.visit, name="visit"),
    path("visite/terminee/", views.leave_visit, name="leave-visit"),
    path("visite/<slug:step>/", views.visit, name="visit-step"),
    path("aide/guides/", views.guides, name="guides"),
    path("aide/guides/<slug:key>/", views.guide, name="guide"),
]
