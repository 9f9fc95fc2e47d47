"""Addresses of leave, under /conges/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.leave import hr_urls
from nomade.leave.views import (
    account,
    agenda,
    asking,
    changing,
    days,
    decisions,
    documents,
    here,
    own,
    team,
    team_rules,
    today,
)

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("nouvelle/", asking.new, name="new"),
    path("a-valider/", decisions.to_decide, name="to-decide"),
    path("a-valider/lot/", decisions.decide_many, name="decide-many"),
    path("equipe/", team.weeks, name="team"),
    path("equipe/saisie/<int:agent_id>/", asking.enter, name="enter"),
    path("equipe/saisie/<int:agent_id>/jour/", days.move, name="move-day"),
    path("equipe/aujourdhui/", here.today_page, name="here-today"),
    path("equipe/reglages/", team_rules.index, name="team-rules"),
    path("equipe/reglages/minimum/", team_rules.minimum, name="minimum"),
    path("equipe/reglages/jours/", team_rules.reserve, name="reserve"),
    path("equipe/reglages/jours/<int:period_id>/liberer/", team_rules.free, name="free"),
    path("equipe/reglages/delegation/", team_rules.delegate, name="delegate"),
    path("equipe/reglages/delegation/<int:delegation_id>/fin/", team_rules.end_delegation, name="end-delegation"),
    path("cet/", account.page, name="account"),
    path("cet/ouverture/", account.open_account, name="open-account"),
    path("cet/versement/", account.save_days, name="save-days"),
    path("cet/versement/<uuid:saving_id>/retrait/", account.withdraw, name="withdraw-saving"),
    path("cet/choix/", account.choose, name="choose-option"),
    path("releve/", own.statement, name="statement"),
    path("agenda/", agenda.page, name="agenda"),
    path("agenda/adresse/", agenda.renew, name="renew-feed"),
    path("agenda/fermer/", agenda.close, name="close-feed"),
    path("agenda/<str:secret>.ics", agenda.feed, name="feed"),
    path("soldes/", own.to_come, name="to-come"),
    path("absent-aujourdhui/", today.absent_today, name="absent-today"),
    *hr_urls.patterns,
    path("<uuid:request_id>/", own.detail, name="request"),
    path("<uuid:request_id>/pieces/", documents.add, name="add-document"),
    path("pieces/<uuid:document_id>/", documents.document, name="document"),
    path("<uuid:request_id>/preciser/", today.specify, name="specify"),
    path("<uuid:request_id>/changement/", changing.change, name="change"),
    path("<uuid:request_id>/changement/annuler/", changing.ask_to_cancel, name="ask-to-cancel"),
    path("<uuid:request_id>/changement/reponse/", changing.answer, name="answer-change"),
    path("<uuid:request_id>/annulation/", own.cancel, name="cancel"),
    path("<uuid:request_id>/decision/", decisions.decide, name="decide"),
]
