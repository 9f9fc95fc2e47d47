"""Whom an HR officer follows: the present agents of the perimeter, never oneself. Absent and forbidden are both 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse

from nomade.administration.models import LetterTemplate
from nomade.cases.desk import Agents
from nomade.kernel.clock import today
from nomade.people.access import agents_in_perimeter, has_role
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role
from nomade.people.teams import standing_of

View = Callable[..., HttpResponse]
MOST_UNITS = 300


def hr_officers_only(view: View) -> View:
    """404 for whoever does not hold the role today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.agent, Role.HR_OFFICER):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def agents_of(officer: Agent) -> Agents:
    """The agents of a portfolio."""
    day = today()
    mine = agents_in_perimeter(officer, Role.HR_OFFICER, day).exclude(pk=officer.pk)
    return Agent.objects.present(day).filter(pk__in=mine.values("pk"))


def units_of(officer: Agent) -> list[tuple[str, str]]:
    """The path and the name of the units where those agents may be, to choose from; the first ones of a large city."""
    day = today()
    inside = Q(pk__in=[])
    for path in standing_of(officer, day).perimeters(Role.HR_OFFICER):
        inside |= Q(path=path) | Q(path__startswith=f"{path}/") if path else Q(pk__isnull=False)
    return list(OrgUnit.objects.existing(day).filter(inside).order_by("path").values_list("path", "label")[:MOST_UNITS])


def agent_of(officer: Agent, matricule: str) -> Agents:
    """One of them, alone in its set. Raises Http404."""
    key = agents_of(officer).filter(matricule=matricule).values_list("pk", flat=True).first()
    if key is None:
        raise Http404
    return Agent.objects.filter(pk=key)


def templates() -> QuerySet[LetterTemplate]:
    """The letters that HR officers wrote, in order."""
    return LetterTemplate.objects.select_related("updated_by").order_by("title")


def template_or_404(template_id: int) -> LetterTemplate:
    """One of them."""
    found = templates().filter(pk=template_id).first()
    if found is None:
        raise Http404
    return found
