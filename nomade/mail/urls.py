"""Addresses of the mail: under `/messagerie/` on the portal, at the root of the webmail host."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail import outgoing_views, views, writing_views

app_name = "mail"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("nouveau/", writing_views.new, name="new"),
    path("envois/", outgoing_views.index, name="outgoing"),
    path("envois/<uuid:identifier>/", writing_views.resume, name="resume"),
    path("envois/<uuid:identifier>/supprimer/", outgoing_views.discard, name="discard"),
    path("envois/<uuid:identifier>/corriger/", outgoing_views.reopen, name="reopen"),
    path("envois/<uuid:identifier>/parti/", outgoing_views.it_left, name="it-left"),
    path("envois/<uuid:identifier>/renvoyer/", outgoing_views.send_again, name="send-again"),
    path("message/<str:key>/", views.message, name="message"),
    path("message/<str:key>/repondre/", writing_views.reply, name="reply"),
    path("message/<str:key>/repondre-a-tous/", writing_views.reply_all, name="reply-all"),
    path("message/<str:key>/transferer/", writing_views.forward, name="forward"),
    path("message/<str:key>/supprimer/", views.delete, name="delete"),
    path("message/<str:key>/non-lu/", views.mark_unread, name="mark-unread"),
    path("message/<str:key>/piece/<str:section>/", views.attachment, name="attachment"),
]
