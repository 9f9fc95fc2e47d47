"""The career of an agent as the HR system gave it: dated situations and assignments, told as changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from nomade.people.models import Agent, Assignment, Situation
from nomade.ui.filters import capitalised
from nomade.ui.filters import number as in_figures


@dataclass(frozen=True)
class CareerStep:
    """What changed on a day."""

    since: date
    until: date | None
    title: str
    details: list[str]
    kind: str


def career_of(agent: Agent) -> list[CareerStep]:
    """The latest first, in two queries."""
    steps = [_situation(one) for one in Situation.objects.filter(agent=agent).select_related("cycle")]
    steps += [_assignment(one) for one in Assignment.objects.filter(agent=agent).select_related("unit", "supervisor")]
    return sorted(steps, key=lambda step: (step.since, step.kind), reverse=True)


def _situation(one: Situation) -> CareerStep:
    index = _("échelon %(step)s, indice majoré %(index)s") % {"step": one.echelon, "index": one.indice_majore}
    share = _("temps de travail : %(share)s %%, cycle %(cycle)s") % {
        "share": in_figures(one.quotite.normalize(), 0),
        "cycle": one.cycle,
    }
    status = capitalised(str(one.get_status_display()))
    category = _("%(status)s, catégorie %(category)s") % {"status": status, "category": one.category}
    return CareerStep(
        one.valid_from,
        one.valid_to,
        one.grade or one.corps or status,
        [
            text
            for text, known in (
                (one.corps, one.corps and one.corps != one.grade),
                (category if one.category else status, True),
                (index, one.echelon and one.indice_majore),
                (share, True),
            )
            if known
        ],
        "situation",
    )


def _assignment(one: Assignment) -> CareerStep:
    main = "" if one.is_main else _("affectation secondaire")
    above = _("responsable : %(name)s") % {"name": one.supervisor.full_name} if one.supervisor else ""
    return CareerStep(
        one.valid_from,
        one.valid_to,
        one.post or _("Affectation"),
        [text for text in (one.unit.label, one.place, above, main) if text],
        "assignment",
    )
