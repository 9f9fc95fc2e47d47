"""Addresses of « Mon portefeuille », under /portefeuille/."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.administration.portfolio import views

app_name = "portfolio"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("demandes/", views.waiting, name="waiting"),
    path("alertes/", views.alerts, name="alerts"),
    path("agents/<str:matricule>/", views.card, name="card"),
    path("listes/<slug:what>.<slug:form>", views.export, name="export"),
    path("lettres/modeles/", views.letter_templates, name="templates"),
    path("lettres/modeles/<int:template_id>/", views.letter_template, name="template"),
]
