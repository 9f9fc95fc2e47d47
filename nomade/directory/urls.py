"""Addresses of the directory, under /annuaire/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.directory import group_views, views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("ma-fiche/", views.visibility, name="visibility"),
    path("personne/<int:agent_id>/", views.person, name="person"),
    path("personne/<int:agent_id>/carte.vcf", views.card_file, name="card-file"),
    path("personne/<int:agent_id>/favori/", views.favourite, name="favourite"),
    path("personne/<int:agent_id>/groupe/", group_views.join, name="join-group"),
    path("photo/<int:agent_id>/", views.photo, name="photo"),
    path("groupes/", group_views.groups, name="groups"),
    path("groupes/<int:group_id>/", group_views.group, name="group"),
    path("groupes/<int:group_id>/supprimer/", group_views.delete_group, name="delete-group"),
    path("groupes/<int:group_id>/personne/<int:agent_id>/", group_views.group_member, name="group-member"),
    path("unites/", views.top_units, name="units"),
    path("unites/fiche/<path:unit_path>/", views.edit_unit, name="edit-unit"),
    path("unites/branche/<path:unit_path>/", views.branch, name="branch"),
    path("unites/<path:unit_path>/", views.unit, name="unit"),
]
