"""Addresses of the news, under /actualites/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.news.views import pages, reading, team, writing

urlpatterns: list[URLPattern] = [
    path("", reading.index, name="index"),
    path("<uuid:article_id>/", reading.article, name="article"),
    path("<uuid:article_id>/lu/", reading.say_read, name="say-read"),
    path("<uuid:article_id>/vue/", reading.opened, name="opened"),
    path("<uuid:article_id>/image/", reading.picture, name="picture"),
    path("<uuid:article_id>/affiche.pdf", reading.poster, name="poster"),
    path("document/<uuid:attachment_id>/", reading.document, name="document"),
    path("pages/", pages.index, name="pages"),
    path("pages/nouvelle/", pages.new, name="new-page"),
    path("pages/<slug:slug>/", pages.page, name="page"),
    path("pages/<slug:slug>/modifier/", pages.edit, name="edit-page"),
    path("equipe/", team.index, name="team"),
    path("equipe/<uuid:article_id>/", team.article, name="team-article"),
    path("redaction/", writing.index, name="desk"),
    path("redaction/nouvelle/", writing.new, name="new"),
    path("redaction/public/", writing.audience, name="audience"),
    path("redaction/<uuid:article_id>/", writing.edit, name="edit"),
    path("redaction/<uuid:article_id>/publication/", writing.publish, name="publish"),
    path("redaction/<uuid:article_id>/relecture/", writing.review, name="review"),
    path("redaction/<uuid:article_id>/retrait/", writing.withdraw, name="withdraw"),
    path("redaction/<uuid:article_id>/lecteurs/", writing.readers, name="readers"),
    path("redaction/<uuid:article_id>/lecteurs.csv", writing.readers_file, name="readers-file"),
    path("redaction/<uuid:article_id>/relance/", writing.remind, name="remind"),
    path("redaction/document/<uuid:attachment_id>/retirer/", writing.drop_document, name="drop-document"),
]
