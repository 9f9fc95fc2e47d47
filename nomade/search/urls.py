"""The address of the search, /recherche/."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.search import views

urlpatterns: list[URLPattern] = [path("", views.index, name="index")]
