"""Pages and small answers that belong to no service; on each host where somebody signs in."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("donnees-personnelles/", views.personal_data, name="personal-data"),
    path("aide/", views.help_page, name="help"),
    path("apparence/", views.choose_theme, name="theme"),
    path("marque.css", views.brand, name="brand"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
