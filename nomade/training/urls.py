"""Addresses of training, under /formations/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.training.views import deciding, office, outside, own, policy, teaching

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("cours/<uuid:course_id>/", own.course, name="course"),
    path("cours/<uuid:course_id>/favori/", own.favourite, name="favourite"),
    path("cours/<uuid:course_id>/document/<uuid:file_id>", own.course_file, name="course-file"),
    path("session/<uuid:session_id>/", own.session, name="session"),
    path("session/<uuid:session_id>/equipe/", deciding.enrol_team, name="enrol-team"),
    path("mes-formations/", own.mine, name="mine"),
    path("inscription/<uuid:enrolment_id>/", own.enrolment, name="enrolment"),
    path("inscription/<uuid:enrolment_id>/annuler/", own.cancel, name="cancel"),
    path("inscription/<uuid:enrolment_id>/place/", own.answer, name="answer"),
    path("inscription/<uuid:enrolment_id>/convocation", own.convocation, name="convocation"),
    path("inscription/<uuid:enrolment_id>/agenda", own.agenda, name="agenda"),
    path("inscription/<uuid:enrolment_id>/avis/", own.evaluate, name="evaluate"),
    path("hors-catalogue/", outside.ask, name="outside"),
    path("hors-catalogue/<uuid:request_id>/", outside.page, name="outside-request"),
    path("hors-catalogue/<uuid:request_id>/devis", outside.quote, name="outside-quote"),
    path("hors-catalogue/<uuid:request_id>/annuler/", outside.cancel, name="cancel-outside"),
    path("a-traiter/", deciding.to_decide, name="to-decide"),
    path("a-traiter/accepter/", deciding.approve_many, name="approve-many"),
    path("a-traiter/<uuid:enrolment_id>/", deciding.decide, name="decide"),
    path("a-traiter/hors-catalogue/<uuid:request_id>/", deciding.decide_outside, name="decide-outside"),
    path("a-traiter/hors-catalogue/<uuid:request_id>/devis", deciding.decide_outside_file, name="decide-outside-file"),
    path("equipe/", deciding.team, name="team"),
    path("animer/", teaching.index, name="teaching"),
    path("animer/<uuid:session_id>/", teaching.session, name="taught-session"),
    path("animer/<uuid:session_id>/emargement", teaching.paper, name="sheet-paper"),
    path("animer/<uuid:session_id>/terminer/", teaching.close, name="close"),
    path("animer/<uuid:session_id>/<int:slot_id>/", teaching.sheet, name="sheet"),
    path("gestion/", office.index, name="office"),
    path("gestion/cours/", office.new_course, name="new-course"),
    path("gestion/cours/<uuid:course_id>/", office.edit_course, name="edit-course"),
    path("gestion/cours/<uuid:course_id>/session/", office.new_session, name="new-session"),
    path("gestion/session/<uuid:session_id>/", office.edit_session, name="edit-session"),
    path("gestion/session/<uuid:session_id>/inscrits/", office.enrolled, name="enrolled"),
    path("gestion/session/<uuid:session_id>/annuler/", office.cancel_session, name="cancel-session"),
    path("gestion/session/<uuid:session_id>/copier/", office.copy_session, name="copy-session"),
    path("gestion/catalogue/importer/", office.import_courses, name="import"),
    path("gestion/catalogue.<str:form>", office.export_courses, name="export"),
    path("gestion/circuits/", policy.circuits, name="circuits"),
    path("gestion/salles/", policy.rooms, name="rooms"),
    path("gestion/obligations/", policy.obligations_page, name="obligations"),
    path("gestion/habilitations/", policy.habilitations, name="habilitations"),
    path("gestion/bilan/", policy.figures, name="figures"),
    path("gestion/bilan.csv", policy.figures_csv, name="figures-csv"),
]
