"""Addresses of reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.reading import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("message/<str:key>/", views.message, name="message"),
    path("message/<str:key>/supprimer/", views.delete, name="delete"),
    path("message/<str:key>/non-lu/", views.mark_unread, name="mark-unread"),
    path("message/<str:key>/piece/<str:section>/", views.attachment, name="attachment"),
]
