"""Addresses of documents, under /documents/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.documents.views import office, own, retention

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("<uuid:document_id>/", own.page, name="page"),
    path("<uuid:document_id>/document", own.download, name="download"),
    path("<uuid:document_id>/page-<int:number>", own.image, name="image"),
    path("<uuid:document_id>/recu/", own.acknowledge, name="acknowledge"),
    path("a-lire/<uuid:must_read_id>/", own.must_read, name="must-read"),
    path("a-lire/<uuid:must_read_id>/document", own.must_read_file, name="must-read-file"),
    path("a-lire/<uuid:must_read_id>/page-<int:number>", own.must_read_image, name="must-read-image"),
    path("a-lire/<uuid:must_read_id>/equipe/", own.read_by_team, name="read-by-team"),
    path("demande/<uuid:item_id>/", own.item, name="item"),
    path("demande/<uuid:item_id>/document", own.item_file, name="item-file"),
    path("demande/<uuid:item_id>/page-<int:number>", own.item_image, name="item-image"),
    path("gestion/", office.index, name="office"),
    path("gestion/agent/<str:matricule>/", office.folder, name="folder"),
    path("gestion/document/<uuid:document_id>/", office.page, name="office-page"),
    path("gestion/document/<uuid:document_id>/document", office.download, name="office-download"),
    path("gestion/document/<uuid:document_id>/page-<int:number>", office.image, name="office-image"),
    path("gestion/deposer/", office.deposit, name="deposit"),
    path("gestion/lot/", office.many, name="many"),
    path("gestion/lot/gros-fichier/", office.large, name="large"),
    path("gestion/lot/<uuid:deposit_id>/", office.many_page, name="many-page"),
    path("gestion/a-lire/", office.publish, name="publish"),
    path("gestion/a-lire/<uuid:must_read_id>/", office.readers, name="readers"),
    path("gestion/demandes/", office.collect, name="collect"),
    path("gestion/demandes/<uuid:collection_id>/", office.collection, name="collection"),
    path("gestion/demandes/<uuid:collection_id>/<uuid:item_id>/", office.answer, name="answer"),
    path("gestion/demandes/<uuid:collection_id>/<uuid:item_id>/document", office.answer_file, name="answer-file"),
    path("gestion/demandes/<uuid:collection_id>/<uuid:item_id>/lire/", office.answer_page, name="answer-page"),
    path(
        "gestion/demandes/<uuid:collection_id>/<uuid:item_id>/page-<int:number>",
        office.answer_image,
        name="answer-image",
    ),
    path("gestion/conservation/", retention.index, name="retention"),
    path("gestion/conservation/type/", retention.new_type, name="rule-new"),
    path("gestion/conservation/type/<slug:code>/", retention.rule, name="rule"),
    path("gestion/conservation/changement/<uuid:change_id>/", retention.decide, name="rule-decide"),
    path("gestion/conservation/<uuid:purge_id>/", retention.purge, name="purge"),
    path("gestion/conservation/<uuid:purge_id>/liste.csv", retention.purge_list, name="purge-list"),
    path("gestion/conservation/<uuid:purge_id>/certificat.pdf", retention.certificate, name="purge-certificate"),
]
