"""The living page of the components: development only."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.ui import style_guide

app_name = "style"
urlpatterns: list[URLPattern] = [
    path("", style_guide.index, name="index"),
    path("montant/", style_guide.amount, name="amount"),
    path("erreur/<int:status>/", style_guide.error, name="error"),
]
