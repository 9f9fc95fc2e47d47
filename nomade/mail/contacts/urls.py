"""Addresses of the people to write to."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.mail.contacts import views

urlpatterns: list[URLPattern] = [
    path("destinataires/", views.people, name="people"),
    path("contacts/", views.index, name="contacts"),
    path("contacts/nouveau/", views.new, name="contact-new"),
    path("contacts/importer/", views.take_in, name="contacts-import"),
    path("contacts/contacts.vcf", views.give_out, {"kind": "vcf"}, name="contacts-vcf"),
    path("contacts/contacts.csv", views.give_out, {"kind": "csv"}, name="contacts-csv"),
    path("contacts/groupes/nouveau/", views.add_group, name="contact-group-new"),
    path("contacts/groupes/<uuid:identifier>/supprimer/", views.delete_group, name="contact-group-delete"),
    path("contacts/<uuid:identifier>/", views.edit, name="contact"),
    path("contacts/<uuid:identifier>/supprimer/", views.delete, name="contact-delete"),
]
