"""Addresses of the tools, under /outils/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.tools import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<int:tool_id>/favori/", views.favourite, name="favourite"),
    path("gestion/", views.listing, name="list"),
    path("gestion/nouveau/", views.new, name="new"),
    path("gestion/<int:tool_id>/", views.edit, name="edit"),
]
