"""What an agent should know before sending a request of a type: dates of the law, conditions, effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.leave.conditions import CONDITIONS, Asked
from nomade.leave.details import DAYS_TOLD, Advice, refusal_by
from nomade.leave.models import LeaveType
from nomade.leave.rules import family, special
from nomade.leave.rules.decisions import Outcome
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.wording import day_phrase
from nomade.people.models import Agent
from nomade.ui.filters import NBSP


def advice_on(
    leave_type: LeaveType,
    details: Mapping[str, Any],
    period: Period | None,
    law: Law,
    on: date,
    *,
    agent: Agent | None = None,
    own: bool = False,
) -> Advice:
    """What an agent should know before sending a request of a type; empty while the details are not known.

    `own`: the reader is the agent: only then may it tell what their absences for health change.
    """
    known = _typed(details)
    advise = _ADVISERS.get(leave_type.code)
    advice = advise(known, period, law, on) if advise else Advice()
    look = CONDITIONS.get(leave_type.code)
    if look and agent is not None:
        look(advice, Asked(agent, leave_type, known, period, law, on, own=own))
    if leave_type.pay_effect:
        effect = leave_type.pay_effect
        advice.lines.append(_("Effet sur la paie : %(effect)s.") % {"effect": effect})
    return advice


def _typed(details: Mapping[str, Any]) -> dict[str, Any]:
    """Answers read back from a request have their days as text."""
    return {
        name: date.fromisoformat(value) if name in DAYS_TOLD and isinstance(value, str) and value else value
        for name, value in details.items()
    }


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
    refusals = [refusal_by(_("Cette durée n’est pas permise pour ce congé."), known.decision.source)] if refused else []
    if period is not None and period.first_day > known.take_before:
        refusals.append(refusal_by(_("Ce congé se prend dans les six mois de la naissance."), "décret 2021-846"))
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
    return Advice(refusals=[refusal_by(message % {"day": day_phrase(known.open_from)}, known.decision.source)])


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
    return Advice(refusals=[refusal_by(message, known.source)])


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


_ADVISERS: dict[str, Callable[[Mapping[str, Any], Period | None, Law, date], Advice]] = {
    "MATERNITE": _maternity,
    "PATERNITE": _paternity,
    "ADOPTION": _adoption,
    "NAISSANCE_SUP": _extra_birth,
    "ASA_DECES_ENFANT": _child_death,
    "ENFANT_MALADE": _sick_child,
    "MALADIE": _sickness,
}
