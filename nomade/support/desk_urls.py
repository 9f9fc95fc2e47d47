"""Addresses of the support host; their namespace is `desk`."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.support.views import accounts, desk, knowledge, sorting, tickets

urlpatterns: list[URLPattern] = [
    path("", tickets.index, name="index"),
    path("demandes/", tickets.mine, name="mine"),
    path("demandes/nouvelle/", tickets.new, name="new"),
    path("demandes/nouvelle/articles/", tickets.proposals, name="proposals"),
    path("demandes/<uuid:ticket_id>/", tickets.detail, name="ticket"),
    path("demandes/<uuid:ticket_id>/message/", tickets.reply, name="reply"),
    path("demandes/<uuid:ticket_id>/relance/", tickets.recall, name="recall"),
    path("demandes/<uuid:ticket_id>/cloture/", tickets.close, name="close"),
    path("demandes/<uuid:ticket_id>/avis/", tickets.rate, name="rate"),
    path("demandes/<uuid:ticket_id>/fichiers/<uuid:file_id>/", tickets.download, name="download"),
    path("demandes/<uuid:ticket_id>/reponse/", desk.answer, name="answer"),
    path("demandes/<uuid:ticket_id>/technicien/", desk.assign, name="assign"),
    path("demandes/<uuid:ticket_id>/classement/", desk.sort, name="sort"),
    path("connaissances/", knowledge.index, name="articles"),
    path("connaissances/nouveau/", knowledge.new, name="new-article"),
    path("connaissances/<slug:slug>/", knowledge.article, name="article"),
    path("connaissances/<slug:slug>/modifier/", knowledge.edit, name="edit-article"),
    path("bureau/", desk.tickets, name="queue"),
    path("bureau/signalements/", desk.reports, name="reports"),
    path("bureau/signalements/<uuid:report_id>/", desk.handle_report, name="handle-report"),
    path("bureau/incidents/", desk.incidents, name="incidents"),
    path("bureau/incidents/<int:incident_id>/fin/", desk.end_incident, name="end-incident"),
    path("bureau/classement/", sorting.index, name="sorting"),
    path("bureau/classement/groupe/<slug:code>/", sorting.team, name="team"),
    path("bureau/classement/categorie/<slug:code>/", sorting.category, name="category"),
    path("bureau/agents/", accounts.agents, name="agents"),
    path("bureau/agents/<int:agent_id>/", accounts.agent, name="agent"),
    path("bureau/agents/<int:agent_id>/verification/", accounts.open_check, name="open-check"),
    path("bureau/agents/<int:agent_id>/appareil/", accounts.open_device, name="open-device"),
    path("bureau/verifications/<uuid:check_id>/", accounts.check, name="check"),
    path("bureau/verifications/<uuid:check_id>/preuve/", accounts.attest, name="attest"),
    path("bureau/verifications/<uuid:check_id>/responsable/", accounts.ask_supervisor, name="ask-supervisor"),
    path("bureau/verifications/<uuid:check_id>/code/", accounts.enter_code, name="enter-code"),
    path("bureau/verifications/<uuid:check_id>/accord/", accounts.second, name="second"),
    path("bureau/verifications/<uuid:check_id>/delai/", accounts.wait, name="wait"),
    path("bureau/verifications/<uuid:check_id>/action/", accounts.do, name="do"),
]
