"""Addresses of reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.reading import folder_views, live_views, message_views, search_views, views

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
    path("direct/", live_views.ticket, name="live"),
    path("nouvelles/", live_views.news, name="news"),
    path("raccourcis/", views.shortcuts, name="shortcuts"),
    path("message/<str:key>/", views.message, name="message"),
    path("message/<str:key>/conversation/", message_views.conversation, name="conversation"),
    path("message/<str:key>/source/", message_views.source, name="source"),
    path("message/<str:key>/fichier/<str:kind>/", message_views.to_content, name="to-content"),
    path("message/<str:key>/apercu/<str:section>/", message_views.preview, name="preview"),
    path("message/<str:key>/images/", message_views.trust, name="trust"),
    path("message/<str:key>/accuse/", message_views.receipt, name="receipt"),
    path("message/<str:key>/invitation/", message_views.answer, name="answer"),
    path("dossiers/importer/", message_views.bring_in, name="import"),
    path("message/<str:key>/supprimer/", views.delete, name="delete"),
    path("message/<str:key>/non-lu/", views.mark_unread, name="mark-unread"),
    path("message/<str:key>/piece/<str:section>/", views.attachment, name="attachment"),
]
