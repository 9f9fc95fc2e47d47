"""What the content host serves of the mail."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.reading import content_views as views
from nomade.mail.writing.content_views import picture

app_name = "mail-content"
urlpatterns: list[URLPattern] = [
    path("message/<str:token>", views.body, name="body"),
    path("image/<str:token>", views.inline, name="inline"),
    path("piece/<str:token>", views.attachment, name="file"),
    path("brouillon/<str:token>", picture, name="draft"),
]
