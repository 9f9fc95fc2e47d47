"""Addresses of the personal file, under /dossier/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.personnel_file.views import own

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("historique/", own.history, name="history"),
    path("telephones/", own.phones, name="phones"),
    path("personnes-a-prevenir/", own.contacts, name="contacts"),
    path("photo/", own.photo, name="photo"),
    path("photo/visibilite/", own.photo_visibility, name="photo-visibility"),
    path("photo/supprimer/", own.photo_removal, name="photo-removal"),
    path("photo/portrait.jpg", own.photo_file, name="photo-file"),
]
