"""How questions are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nomade.questions.models import Question
from nomade.ui.filters import long_date

STEPS: Mapping[str, Any] = {
    "opened": _("Question envoyée"),
    "assigned": _("Confiée à"),
    "answered": _("Réponse"),
    "replied": _("Message de l’agent"),
    "handed": _("Transmise à un autre bureau"),
    "solved": _("Réponse donnée"),
    "reopened": _("Rouverte par l’agent"),
    "closed": _("Close"),
    "rated": _("Avis donné"),
    "reminded": _("Rappel envoyé à l’agent"),
    "escalated": _("En retard : le bureau est prévenu"),
}
WEEKDAYS = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))


def step_titles() -> dict[str, str]:
    """The words of each step of a question."""
    return {event: str(title) for event, title in STEPS.items()}


def filled(text: str, question: Question) -> str:
    """An answer written beforehand, with the names of this question; anything else in braces stays as it is."""
    known = {
        "{prenom}": question.owner.first_name,
        "{nom}": question.owner.shown_last_name,
        "{reference}": question.reference,
        "{promesse}": long_date(question.promised_on),
    }
    for name, value in known.items():
        text = text.replace(name, value)
    return text
