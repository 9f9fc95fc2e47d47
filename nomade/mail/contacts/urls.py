"""Addresses of the people to write to."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.contacts import views

urlpatterns: list[URLPattern] = [
    path("destinataires/", views.people, name="people"),
]
