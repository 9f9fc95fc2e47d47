"""Addresses of the questions, under /questions/; their namespace is the service's key."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.questions.views import desk, keeping, own

urlpatterns: list[URLPattern] = [
    path("", own.index, name="index"),
    path("nouvelle/", own.new, name="new"),
    path("nouvelle/reponses/", own.proposed, name="proposals"),
    path("nouvelle/promesse/", own.promised, name="promise"),
    path("<uuid:question_id>/", own.page, name="page"),
    path("<uuid:question_id>/ecrire/", own.reply, name="reply"),
    path("<uuid:question_id>/relance/", own.recall, name="recall"),
    path("<uuid:question_id>/clore/", own.close, name="close"),
    path("<uuid:question_id>/avis/", own.rate, name="rate"),
    path("<uuid:question_id>/fichier/<uuid:file_id>", own.download, name="download"),
    path("bureau/", desk.index, name="desk"),
    path("bureau/<uuid:question_id>/repondre/", desk.answer, name="answer"),
    path("bureau/<uuid:question_id>/confier/", desk.assign, name="assign"),
    path("bureau/<uuid:question_id>/transmettre/", desk.hand_over, name="hand-over"),
    path("bureau/reponses/", desk.ready_answers, name="ready-answers"),
    path("bureau/reponses/<int:answer_id>/", desk.ready_answer, name="ready-answer"),
    path("bureau/bilan/", keeping.report, name="report"),
    path("reglages/", keeping.index, name="keeping"),
    path("reglages/sujets/", keeping.new_topic, name="new-topic"),
    path("reglages/sujets/<int:topic_id>/", keeping.topic, name="topic"),
    path("reglages/sujets/<int:topic_id>/fin/", keeping.end_topic, name="end-topic"),
    path("reglages/bureaux/", keeping.new_office, name="new-office"),
    path("reglages/bureaux/<int:office_id>/", keeping.office, name="office"),
    path("reglages/parcours/", keeping.add_way, name="add-way"),
    path("reglages/parcours/<int:way_id>/fin/", keeping.end_way, name="end-way"),
    path("reglages/fermetures/", keeping.add_closing, name="add-closing"),
    path("reglages/fermetures/<int:closing_id>/retirer/", keeping.remove_closing, name="remove-closing"),
]
