"""Addresses of pay, under /paie/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.payslips.views import explaining, office, own

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("<uuid:payslip_id>/", own.page, name="page"),
    path("<uuid:payslip_id>/page-<int:number>.png", own.image, name="image"),
    path("<uuid:payslip_id>/bulletin.pdf", own.download, name="download"),
    path("<uuid:payslip_id>/net/", own.net, name="net"),
    path("evolution/", own.evolution, name="evolution"),
    path("bulletins.zip", own.several, name="several"),
    path("consultations/", own.consultations, name="consultations"),
    path("papier/", own.paper, name="paper"),
    path("gestion/", office.index, name="office"),
    path("gestion/nouvel-import/", office.new, name="import-new"),
    path("gestion/import/<uuid:sent_id>/", office.sent, name="import"),
    path("gestion/import/<uuid:sent_id>/<slug:kind>.csv", office.sent_list, name="import-list"),
    path("gestion/import/<uuid:sent_id>/ranger/", office.accept, name="import-accept"),
    path("gestion/import/<uuid:sent_id>/abandonner/", office.drop, name="import-drop"),
    path("gestion/lot/<uuid:batch_id>/", office.batch, name="batch"),
    path("gestion/lot/<uuid:batch_id>/publier/", office.release, name="release"),
    path("gestion/lot/<uuid:batch_id>/rappeler/", office.recall, name="recall"),
    path("gestion/papier/", office.paper, name="paper-list"),
    path("gestion/papier/bulletins.pdf", office.print_paper, name="paper-print"),
    path("gestion/explications/", explaining.index, name="explanations"),
    path("gestion/explications/ligne/", explaining.line, name="explanation"),
]
