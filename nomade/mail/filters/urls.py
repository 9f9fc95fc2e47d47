"""Addresses of rules and of the automatic answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.filters import views

urlpatterns: list[URLPattern] = [
    path("regles/", views.index, name="filters"),
    path("regles/nouvelle/", views.new, name="rule-new"),
    path("regles/<int:number>/", views.edit, name="rule"),
    path("regles/<int:number>/agir/", views.act, name="rule-act"),
    path("absence/", views.away, name="absence"),
]
