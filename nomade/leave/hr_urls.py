"""Addresses of leave for HR, under /conges/rh/."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.leave.views import (
    hr_accounts,
    hr_health,
    hr_hours,
    hr_lists,
    hr_operations,
    hr_pay,
    hr_people,
    hr_rules,
    hr_time,
    hr_types,
)

patterns: list[URLPattern] = [
    path("rh/", hr_people.index, name="hr"),
    path("rh/agent/<int:agent_id>/", hr_people.counters, name="hr-counters"),
    path("rh/agent/<int:agent_id>/a-venir/", hr_people.to_come, name="hr-to-come"),
    path("rh/agent/<int:agent_id>/correction/", hr_people.correct, name="hr-correct"),
    path("rh/agent/<int:agent_id>/jour/", hr_people.move, name="hr-move"),
    path("rh/agent/<int:agent_id>/heures/", hr_hours.hours_of, name="hr-hours-of"),
    path("rh/heures/", hr_hours.hours, name="hr-hours"),
    path("rh/parametres/cycles/", hr_hours.cycles, name="hr-cycles"),
    path("rh/sante/<uuid:request_id>/", hr_health.health, name="hr-health"),
    path("rh/cet/", hr_accounts.index, name="hr-accounts"),
    path("rh/cet/<uuid:saving_id>/", hr_accounts.decide, name="hr-saving"),
    path("rh/correction/<int:correction_id>/", hr_people.read, name="hr-read"),
    path("rh/absences/", hr_lists.absences, name="hr-absences"),
    path("rh/indicateurs/", hr_lists.indicators, name="hr-indicators"),
    path("rh/operations/", hr_operations.index, name="hr-operations"),
    path("rh/operations/fermeture/", hr_operations.closing, name="hr-closing"),
    path("rh/operations/liste/", hr_operations.from_list, name="hr-list"),
    path("rh/operations/<int:operation_id>/", hr_operations.report, name="hr-operation"),
    path("rh/operations/<int:operation_id>/annulation/", hr_operations.undo, name="hr-undo"),
    path("rh/paie/", hr_pay.index, name="hr-pay"),
    path("rh/paie/<int:export_id>/", hr_pay.download, name="hr-pay-file"),
    path("rh/parametres/", hr_rules.figures, name="hr-figures"),
    path("rh/parametres/droit-local/", hr_rules.local_law, name="hr-local-law"),
    path("rh/parametres/motifs/", hr_rules.reasons, name="hr-reasons"),
    path("rh/parametres/motifs/nouveau/", hr_rules.new_reason, name="hr-new-reason"),
    path("rh/parametres/motifs/<int:reason_id>/retrait/", hr_rules.drop_reason, name="hr-drop-reason"),
    path("rh/parametres/compteurs/", hr_rules.counters, name="hr-modes"),
    path("rh/parametres/compteurs/<slug:code>/", hr_rules.mode, name="hr-mode"),
    path("rh/parametres/loi/<str:key>/", hr_rules.figure, name="hr-figure"),
    path("rh/temps/", hr_time.index, name="hr-time"),
    path("rh/temps/export/", hr_time.export, name="hr-time-export"),
    path("rh/temps/export/<int:export_id>/", hr_time.download, name="hr-time-file"),
    path("rh/temps/reponses/", hr_time.answers, name="hr-time-answers"),
    path("rh/types/", hr_types.index, name="hr-types"),
    path("rh/types/<slug:code>/", hr_types.edit, name="hr-type"),
]
