"""Addresses of the notifications, on each host where an agent signs in."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("notifications/", views.index, name="index"),
    path("notifications/nombre/", views.count, name="count"),
    path("notifications/reglages/", views.preferences, name="preferences"),
    path("notifications/tout-lire/", views.read_all, name="read-all"),
    path("notifications/lettre/<str:token>/", views.follow, name="follow"),
    path("notifications/<uuid:notification>/", views.open_one, name="open"),
]
