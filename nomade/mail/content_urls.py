"""What the content host serves of the mail."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.reading import content_files as files
from nomade.mail.reading import content_views as views
from nomade.mail.reading import leaving, outward
from nomade.mail.writing.content_views import picture

app_name = "mail-content"
urlpatterns: list[URLPattern] = [
    path("message/<str:token>", views.body, name="body"),
    path("message-et-images/<str:token>", views.body_with_pictures, name="shown"),
    path("impression/<str:token>", views.printed, name="print"),
    path("image/<str:token>", files.inline, name="inline"),
    path("page/<str:token>", files.page, name="page"),
    path("piece/<str:token>", files.attachment, name="file"),
    path("original/<str:token>", files.original, name="eml"),
    path("pieces/<str:token>", files.archive, name="zip"),
    path("desabonnement/<str:token>", leaving.page, name="leave"),
    path("lien/<str:token>", outward.page, name="away"),
    path("brouillon/<str:token>", picture, name="draft"),
]
