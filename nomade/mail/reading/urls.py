"""Addresses of reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.reading import folder_views, search_views, views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("actions/", views.act, name="act"),
    path("actions/<uuid:identifier>/annuler/", views.undo, name="undo"),
    path("recherche/", search_views.results, name="search"),
    path("recherche/detaillee/", search_views.form, name="search-form"),
    path("dossiers/", folder_views.index, name="folders"),
    path("dossiers/dossier/", folder_views.edit, name="folder"),
    path("dossiers/actions/", folder_views.act, name="folder-act"),
    path("reglages/", folder_views.settings, name="settings"),
    path("reglages/etiquettes/nouvelle/", folder_views.label, name="label-new"),
    path("reglages/etiquettes/<int:identifier>/", folder_views.label, name="label"),
    path("reglages/etiquettes/<int:identifier>/supprimer/", folder_views.drop_label, name="label-drop"),
    path("reglages/images/<int:identifier>/bloquer/", folder_views.forget_sender, name="sender-forget"),
    path("raccourcis/", views.shortcuts, name="shortcuts"),
    path("message/<str:key>/", views.message, name="message"),
    path("message/<str:key>/supprimer/", views.delete, name="delete"),
    path("message/<str:key>/non-lu/", views.mark_unread, name="mark-unread"),
    path("message/<str:key>/piece/<str:section>/", views.attachment, name="attachment"),
]
