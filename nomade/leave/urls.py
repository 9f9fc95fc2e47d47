"""Addresses of leave, under /conges/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.leave.views import asking, decisions, own, team, today

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("nouvelle/", asking.new, name="new"),
    path("a-valider/", decisions.to_decide, name="to-decide"),
    path("a-valider/lot/", decisions.decide_many, name="decide-many"),
    path("equipe/", team.weeks, name="team"),
    path("equipe/saisie/<int:agent_id>/", asking.enter, name="enter"),
    path("absent-aujourdhui/", today.absent_today, name="absent-today"),
    path("<uuid:request_id>/", own.detail, name="request"),
    path("<uuid:request_id>/preciser/", today.specify, name="specify"),
    path("<uuid:request_id>/annulation/", own.cancel, name="cancel"),
    path("<uuid:request_id>/decision/", decisions.decide, name="decide"),
]
