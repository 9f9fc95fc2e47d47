"""What the form of a type asks beyond its dates, and the shape of the advice that follows from it.

A supervisor never reads these (domain § 7.1: children, family): only the owner and HR do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.errors import Refusal
from nomade.leave.models import Group, LeaveRequest, LeaveType
from nomade.leave.rules.periods import Period
from nomade.leave.wording import day_phrase, period_phrase
from nomade.ui.filters import hours

KINSHIPS = {
    "conjoint": gettext_lazy("Conjoint ou partenaire de PACS"),
    "parent": gettext_lazy("Père ou mère"),
    "enfant": gettext_lazy("Enfant"),
    "fratrie": gettext_lazy("Frère ou sœur"),
    "autre": gettext_lazy("Autre parent ou proche"),
}


TELEWORK_EXCEPTIONS = {
    "grossesse": gettext_lazy("Grossesse"),
    "sante": gettext_lazy("État de santé ou handicap, avis du médecin du travail"),
    "proche_aidant": gettext_lazy("Proche aidant"),
    "situation_exceptionnelle": gettext_lazy("Situation exceptionnelle annoncée par la collectivité"),
}
UNPAID_KINDS = {
    "famille": gettext_lazy("Raisons de famille, quelques jours"),
    "enfant_soins": gettext_lazy("Élever un enfant, soigner un proche, suivre son conjoint"),
    "convenances": gettext_lazy("Convenances personnelles"),
    "entreprise": gettext_lazy("Créer ou reprendre une entreprise"),
    "autre": gettext_lazy("Autre cas prévu par votre collectivité"),
}
TRAINING_KINDS = {
    "service": gettext_lazy("Formation demandée par mon service"),
    "personnelle": gettext_lazy("Formation que j’ai choisie, ou compte personnel de formation"),
    "concours": gettext_lazy("Préparation d’un concours ou d’un examen"),
    "bilan": gettext_lazy("Bilan de compétences"),
    "vae": gettext_lazy("Validation des acquis de l’expérience"),
    "syndicale": gettext_lazy("Formation syndicale"),
}
# Parts of a day shorter than a half-day, in minutes.
STRIKE_HOURS = {str(minutes): minutes for minutes in range(30, 241, 30)}
WORDS = KINSHIPS | TELEWORK_EXCEPTIONS | UNPAID_KINDS | TRAINING_KINDS


class DayInput(forms.DateInput):
    """The date field of the browser, whose value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def detail_fields() -> dict[str, forms.Field]:
    """The field of each name that a type may ask (`LeaveType.fields`); new ones each time, as a form needs."""
    return {
        "child": forms.DateField(label=_("Date de naissance de l’enfant"), widget=DayInput, required=False),
        "event": forms.DateField(label=_("Date de l’événement"), widget=DayInput, required=False),
        "child_age": forms.IntegerField(label=_("Âge de l’enfant"), min_value=0, max_value=99, required=False),
        "child_parent": forms.BooleanField(label=_("L’enfant était lui-même parent"), required=False),
        "kinship": forms.ChoiceField(
            label=_("Lien avec vous"), choices=[("", _("Choisissez")), *KINSHIPS.items()], required=False
        ),
        "due_date": forms.DateField(label=_("Date prévue de la naissance"), widget=DayInput, required=False),
        "rank": forms.IntegerField(
            label=_("Rang de l’enfant dans la famille"), min_value=1, max_value=20, required=False
        ),
        "children": forms.IntegerField(
            label=_("Nombre d’enfants nés ou attendus"), min_value=1, max_value=6, required=False
        ),
        "birth": forms.DateField(label=_("Date de naissance"), widget=DayInput, required=False),
        "arrival": forms.DateField(label=_("Date d’arrivée de l’enfant"), widget=DayInput, required=False),
        "dependants": _number(_("Enfants déjà à charge"), 0),
        "telework_exception": forms.ChoiceField(
            label=_("Situation qui permet plus de trois jours par semaine"),
            choices=[("", _("Aucune")), *TELEWORK_EXCEPTIONS.items()],
            required=False,
            help_text=_("Lue par vous et par le service RH seulement."),
        ),
        "strike_minutes": forms.ChoiceField(
            label=_("Grève de quelques heures"),
            choices=[
                ("", _("Non : journée ou demi-journée entière")),
                *((key, hours(minutes)) for key, minutes in STRIKE_HOURS.items()),
            ],
            required=False,
            help_text=_("Sur une seule demi-journée : la retenue se fait alors à l’heure."),
        ),
        "unpaid_kind": forms.ChoiceField(
            label=_("Pour quelle raison"), choices=[("", _("Choisissez")), *UNPAID_KINDS.items()], required=False
        ),
        "training_kind": forms.ChoiceField(
            label=_("Quelle formation"), choices=[("", _("Choisissez")), *TRAINING_KINDS.items()], required=False
        ),
        "training_title": forms.CharField(
            label=_("Intitulé et organisme"), max_length=200, required=False, help_text=_("Comme sur la convocation.")
        ),
        "shared": forms.BooleanField(label=_("Congé partagé avec l’autre parent"), required=False),
    }


def _number(label: str, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=20, required=False)


def details_in_words(leave: LeaveRequest) -> list[tuple[str, str]]:
    """The answers of a request's form, with their questions, for whoever may read them."""
    fields = detail_fields()
    told = []
    for name, value in leave.details.items():
        if name not in fields or value in (None, "", False):
            continue
        if name == "strike_minutes":
            told.append((str(fields[name].label), hours(int(value))))
            continue
        words = _("oui") if value is True else str(WORDS.get(value, value) if isinstance(value, str) else value)
        if isinstance(fields[name], forms.DateField):
            words = day_phrase(date.fromisoformat(str(value)))
        told.append((str(fields[name].label), words))
    return told


# The answers that are days.
DAYS_TOLD = frozenset({"child", "event", "due_date", "birth", "arrival"})
# A box left empty is an answer.
ANSWERED_BY_NOTHING = frozenset({"child_parent", "shared", "telework_exception", "strike_minutes", "training_title"})


def exception_in(leave_type: LeaveType, details: Mapping[str, Any]) -> str:
    """The situation that lifts the weekly limits of telework, when it was told (décret 2016-151 art. 4)."""
    told = str(details.get("telework_exception") or "")
    return told if leave_type.group == Group.TELEWORK and told in TELEWORK_EXCEPTIONS else ""


def minutes_in(details: Mapping[str, Any]) -> int | None:
    """The minutes of a strike shorter than a half-day, when they were told."""
    return STRIKE_HOURS.get(str(details.get("strike_minutes") or ""))


@dataclass
class Advice:
    """What follows from the details: sentences, the dates that the law gives, what stops the request."""

    lines: list[str] = field(default_factory=list)
    dates: Period | None = None
    refusals: list[Refusal] = field(default_factory=list)
    # What does not stop the request, and must be seen before it is sent.
    warnings: list[str] = field(default_factory=list)

    @property
    def when(self) -> str:
        return period_phrase(self.dates) if self.dates else ""


def refusal_by(message: str, source: str, field: str = "first_day") -> Refusal:
    """A refusal by a rule of the type."""
    return Refusal(message, rule=source, field=field)
