"""Addresses of writing."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.writing import outgoing_views, views

urlpatterns: list[URLPattern] = [
    path("nouveau/", views.new, name="new"),
    path("envois/", outgoing_views.index, name="outgoing"),
    path("envois/<uuid:identifier>/", views.resume, name="resume"),
    path("envois/<uuid:identifier>/supprimer/", outgoing_views.discard, name="discard"),
    path("envois/<uuid:identifier>/corriger/", outgoing_views.reopen, name="reopen"),
    path("envois/<uuid:identifier>/parti/", outgoing_views.it_left, name="it-left"),
    path("envois/<uuid:identifier>/renvoyer/", outgoing_views.send_again, name="send-again"),
    path("message/<str:key>/repondre/", views.reply, name="reply"),
    path("message/<str:key>/repondre-a-tous/", views.reply_all, name="reply-all"),
    path("message/<str:key>/transferer/", views.forward, name="forward"),
]
