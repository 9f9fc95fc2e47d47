"""Addresses of writing."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.writing import keeping_views, outgoing_views, redirecting_views, settings_views, views

urlpatterns: list[URLPattern] = [
    path("nouveau/", views.new, name="new"),
    path("brouillon/garder/", keeping_views.keep, name="keep"),
    path("brouillon/joindre/", keeping_views.attach, name="attach"),
    path("reglages/ecrire/", settings_views.index, name="writing-settings"),
    path("reglages/identites/nouvelle/", settings_views.new_identity, name="identity-new"),
    path("reglages/identites/<uuid:identifier>/", settings_views.edit_identity, name="identity"),
    path("reglages/identites/<uuid:identifier>/supprimer/", settings_views.delete_identity, name="identity-delete"),
    path("envois/", outgoing_views.index, name="outgoing"),
    path("envois/<uuid:identifier>/", views.resume, name="resume"),
    path("envois/<uuid:identifier>/rediriger/", redirecting_views.resume, name="resume-redirect"),
    path("envois/<uuid:identifier>/piece/<uuid:file>/retirer/", keeping_views.detach, name="detach"),
    path("envois/<uuid:identifier>/annuler/", outgoing_views.take_back, name="take-back"),
    path("envois/<uuid:identifier>/maintenant/", outgoing_views.send_now, name="send-now"),
    path("envois/<uuid:identifier>/supprimer/", outgoing_views.discard, name="discard"),
    path("envois/<uuid:identifier>/corriger/", outgoing_views.reopen, name="reopen"),
    path("envois/<uuid:identifier>/parti/", outgoing_views.it_left, name="it-left"),
    path("envois/<uuid:identifier>/renvoyer/", outgoing_views.send_again, name="send-again"),
    path("message/<str:key>/repondre/", views.reply, name="reply"),
    path("message/<str:key>/repondre-a-tous/", views.reply_all, name="reply-all"),
    path("message/<str:key>/transferer/", views.forward, name="forward"),
    path("message/<str:key>/modifier/", views.edit_as_new, name="edit-as-new"),
    path("message/<str:key>/rediriger/", redirecting_views.redirect, name="redirect"),
]
