"""Addresses of pay, under /paie/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.payslips import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<uuid:payslip_id>/", views.page, name="page"),
    path("<uuid:payslip_id>/page-<int:number>.png", views.image, name="image"),
    path("<uuid:payslip_id>/bulletin.pdf", views.download, name="download"),
    path("<uuid:payslip_id>/net/", views.net, name="net"),
]
