"""What the form of a type asks beyond its dates, and what follows from it: computed dates, advice, rules of the type.

A supervisor never reads these (domain § 7.1: children, family): only the owner and HR do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.kernel.errors import Refusal
from nomade.leave.models import Group, LeaveRequest, LeaveType
from nomade.leave.rules import family, special
from nomade.leave.rules.decisions import Outcome
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.wording import day_phrase, period_phrase
from nomade.ui.filters import NBSP

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
WORDS = KINSHIPS | TELEWORK_EXCEPTIONS


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
        words = _("oui") if value is True else str(WORDS.get(value, value) if isinstance(value, str) else value)
        if isinstance(fields[name], forms.DateField):
            words = day_phrase(date.fromisoformat(str(value)))
        told.append((str(fields[name].label), words))
    return told


# A box left empty is an answer.
ANSWERED_BY_NOTHING = frozenset({"child_parent", "shared", "telework_exception"})


def exception_in(leave_type: LeaveType, details: Mapping[str, Any]) -> str:
    """The situation that lifts the weekly limits of telework, when it was told (décret 2016-151 art. 4)."""
    told = str(details.get("telework_exception") or "")
    return told if leave_type.group == Group.TELEWORK and told in TELEWORK_EXCEPTIONS else ""


@dataclass
class Advice:
    """What follows from the details: sentences, the dates that the law gives, what stops the request."""

    lines: list[str] = field(default_factory=list)
    dates: Period | None = None
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def when(self) -> str:
        return period_phrase(self.dates) if self.dates else ""


def advice_on(leave_type: LeaveType, details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    """What an agent should know before sending a request of a type; empty while the details are not known."""
    advise = _ADVISERS.get(leave_type.code)
    advice = advise(details, period, law, on) if advise else Advice()
    if leave_type.pay_effect:
        effect = leave_type.pay_effect
        advice.lines.append(_("Effet sur la paie : %(effect)s.") % {"effect": effect})
    return advice


def _maternity(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    due = details.get("due_date")
    if due is None:
        return Advice()
    leave = family.maternity(due, rank=details.get("rank") or 1, children=details.get("children") or 1, law=law)
    line = _("%(weeks)s semaines : %(before)s avant la naissance prévue et %(after)s après. Retour le %(back)s.")
    told = {"weeks": leave.weeks, "before": leave.before, "after": leave.after, "back": day_phrase(leave.back_on)}
    return Advice([line % told], Period(leave.first, leave.last))


def _paternity(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    born = details.get("birth")
    if born is None:
        return Advice()
    asked = [period.calendar_days] if period else []
    known = family.paternity(born, children=details.get("children") or 1, periods=asked, law=law)
    lines = [
        _("%(days)s jours de congé de naissance, puis %(compulsory)s jours obligatoires à leur suite.")
        % {"days": known.birth_days, "compulsory": known.compulsory},
        _("Le reste, %(rest)s jours, se prend avant le %(day)s, en deux périodes de 5 jours au moins.")
        % {"rest": known.rest, "day": day_phrase(known.take_before)},
    ]
    # The four compulsory days alone are a period of their own.
    refused = known.decision.outcome is not Outcome.ALLOWED and asked != [known.compulsory]
    refusals = [_refusal(_("Cette durée n’est pas permise pour ce congé."), known.decision.source)] if refused else []
    if period is not None and period.first_day > known.take_before:
        refusals.append(_refusal(_("Ce congé se prend dans les six mois de la naissance."), "décret 2021-846"))
    return Advice(lines, Period(born, born + timedelta(days=known.compulsory - 1)) if not asked else None, refusals)


def _adoption(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    arrived = details.get("arrival")
    if arrived is None:
        return Advice()
    leave = family.adoption(
        arrived,
        children=details.get("children") or 1,
        dependants=details.get("dependants") or 0,
        shared=bool(details.get("shared")),
        law=law,
    )
    lines = [_("%(weeks)s semaines à partir de l’arrivée de l’enfant.") % {"weeks": leave.weeks}]
    if leave.extra_days:
        lines.append(_("%(days)s jours de plus, parce que le congé est partagé.") % {"days": leave.extra_days})
    return Advice(lines, Period(arrived, arrived + timedelta(weeks=leave.weeks, days=-1)))


def _extra_birth(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    born = details.get("birth")
    if born is None or period is None:
        return Advice()
    known = family.extra_birth_leave(born, period.first_day, law)
    if known.decision.outcome is Outcome.ALLOWED:
        return Advice([_("Un ou deux mois, après les autres congés de naissance.")])
    message = _("Ce congé est ouvert à partir du %(day)s, pour les enfants nés ou adoptés en 2026 et ensuite.")
    return Advice(refusals=[_refusal(message % {"day": day_phrase(known.open_from)}, known.decision.source)])


def _child_death(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    age = details.get("child_age")
    if age is None:
        return Advice()
    known = special.child_death(age, was_parent=bool(details.get("child_parent")), on=on, law=law)
    lines = [_("%(days)s jours ouvrables, de droit.") % {"days": known.days}]
    if known.extra_days:
        more = _("%(days)s jours de plus, à prendre en une ou plusieurs fois pendant %(months)s mois.")
        lines.append(more % {"days": known.extra_days, "months": known.months})
    return Advice(lines)


def _sick_child(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    born = details.get("child")
    if born is None or period is None:
        return Advice()
    known = special.sick_child_of(born, period.first_day, disabled=False, law=law)
    if known.outcome is Outcome.ALLOWED:
        return Advice()
    message = _("Ces jours valent jusqu’aux 16 ans de l’enfant. En cas de handicap, votre service RH peut les ouvrir.")
    return Advice(refusals=[_refusal(message, known.source)])


def _sickness(details: Mapping[str, Any], period: Period | None, law: Law, on: date) -> Advice:
    day = period.first_day if period else on
    hours = law.number("sickness.sent_hours", day)
    unpaid = law.number("sickness.unpaid_days", day)
    limit = day + timedelta(hours=hours)
    first = ngettext("Le premier jour n’est pas payé", "Les %(days)s premiers jours ne sont pas payés", unpaid)
    return Advice(
        [
            _("Envoyez les volets 2 et 3 sous %(hours)s heures : avant la fin du %(day)s. Gardez le volet 1 pour vous.")
            % {"hours": hours, "day": day_phrase(limit)},
            first % {"days": unpaid}
            + _(" (jour de carence), sauf prolongation, affection de longue durée, accident de service ou grossesse."),
            _("Ensuite, sur douze mois : %(full)s jours à %(rate)s du traitement, puis %(half)s.")
            % {
                "full": law.number("sickness.full_days", day),
                "rate": _percent(law.number("sickness.rate_full", day)),
                "half": _percent(law.number("sickness.rate_half", day)),
            },
        ]
    )


def _percent(rate: int) -> str:
    return f"{rate}{NBSP}%"


def _refusal(message: str, source: str) -> Refusal:
    return Refusal(message, rule=source, field="first_day")


_ADVISERS: dict[str, Callable[[Mapping[str, Any], Period | None, Law, date], Advice]] = {
    "MATERNITE": _maternity,
    "PATERNITE": _paternity,
    "ADOPTION": _adoption,
    "NAISSANCE_SUP": _extra_birth,
    "ASA_DECES_ENFANT": _child_death,
    "ENFANT_MALADE": _sick_child,
    "MALADIE": _sickness,
}
