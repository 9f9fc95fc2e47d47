"""Addresses of the directory, under /annuaire/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.directory import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("ma-fiche/", views.visibility, name="visibility"),
    path("personne/<int:agent_id>/", views.person, name="person"),
    path("personne/<int:agent_id>/carte.vcf", views.card_file, name="card-file"),
    path("personne/<int:agent_id>/favori/", views.favourite, name="favourite"),
    path("unites/", views.top_units, name="units"),
    path("unites/fiche/<path:unit_path>/", views.edit_unit, name="edit-unit"),
    path("unites/branche/<path:unit_path>/", views.branch, name="branch"),
    path("unites/<path:unit_path>/", views.unit, name="unit"),
]
