"""Addresses of the personal file, under /dossier/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.personnel_file.views import bank, bank_desk, changes, desk, files, own, requested, rights

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("historique/", own.history, name="history"),
    path("telephones/", own.phones, name="phones"),
    path("personnes-a-prevenir/", own.contacts, name="contacts"),
    path("photo/", own.photo, name="photo"),
    path("photo/visibilite/", own.photo_visibility, name="photo-visibility"),
    path("photo/supprimer/", own.photo_removal, name="photo-removal"),
    path("photo/portrait.jpg", own.photo_file, name="photo-file"),
    path("demandes/", changes.requests, name="requests"),
    path("demander/<slug:slug>/", changes.new, name="new"),
    path("demander/<slug:slug>/piece/<int:piece_id>/retirer/", changes.drop_piece, name="drop-piece"),
    path("demandes/<uuid:request_id>/", changes.page, name="request"),
    path("demandes/<uuid:request_id>/annuler/", changes.cancel, name="cancel"),
    *requested.ROOM.paths("demandes/<uuid:request_id>/"),
    path("carriere/", files.career, name="career"),
    path("consultations/", files.consultations, name="consultations"),
    path("agents/", files.agents, name="agents"),
    path("agents/<str:matricule>/", files.agent_file, name="agent-file"),
    path("bris-de-glace/", files.break_glass, name="break-glass"),
    path("bris-de-glace/journal/", files.emergencies, name="emergencies"),
    path("mes-donnees/", rights.index, name="own-data"),
    path("mes-donnees/demander/", rights.ask, name="ask-export"),
    path("mes-donnees/<uuid:export_id>/", rights.fetch, name="fetch-export"),
    path("iban/", bank.new, name="bank"),
    path("iban/<uuid:change_id>/", bank.page, name="bank-change"),
    path("iban/<uuid:change_id>/confirmer/", bank.confirm, name="bank-confirm"),
    path("iban/<uuid:change_id>/annuler/", bank.cancel, name="bank-cancel"),
    path("iban/<uuid:change_id>/rib/", bank.piece, name="bank-piece"),
    path("gestion/iban/", bank_desk.index, name="bank-desk"),
    path("gestion/iban/<uuid:change_id>/", bank_desk.check, name="bank-check"),
    path("gestion/iban/<uuid:change_id>/rib/", bank_desk.piece, name="bank-desk-piece"),
    path("gestion/iban/transmettre/", bank_desk.give, name="bank-give"),
    path("gestion/iban/transmis/<int:number>/", bank_desk.export_file, name="bank-export"),
    path("gestion/", desk.index, name="desk"),
    path("gestion/accepter/", desk.approve_several, name="approve-several"),
    path("gestion/demandes/<uuid:request_id>/", desk.decide, name="decide"),
]
