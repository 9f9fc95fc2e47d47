"""The home page of the portal."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.home import views

urlpatterns: list[URLPattern] = [path("", views.index, name="index")]
