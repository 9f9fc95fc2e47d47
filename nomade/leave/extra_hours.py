"""Who may see and answer hours declared by agents, and what a decider compares. Absent and forbidden look the same."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled, within
from nomade.leave.access import hr_of
from nomade.leave.facts import current_law
from nomade.leave.hr_access import agents_managed
from nomade.leave.models import LIVING_STATES, ExtraHours
from nomade.leave.rules.extra import month_limit
from nomade.people.access import deciders_for, has_role
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.people.teams import team_of
from nomade.ui.filters import hours

SHOWN = 50


def extra_of(agent: Agent) -> list[ExtraHours]:
    """An agent's own, the latest first."""
    return list(ExtraHours.objects.filter(owner=agent).select_related("decided_by").order_by("-day", "-pk")[:SHOWN])


def own_extra(agent: Agent, extra_id: uuid.UUID) -> ExtraHours:
    """One of one's own. Raises Http404 otherwise."""
    return _found(ExtraHours.objects.filter(owner=agent), extra_id)


def extra_to_answer(agent: Agent) -> QuerySet[ExtraHours]:
    """Those that wait for this person: their team's; for an HR officer, those of agents of the perimeter too."""
    waiting = ExtraHours.objects.filter(state=CaseState.SUBMITTED).exclude(owner=agent)
    mine = Q(owner__in=team_of(agent, today()) or [0])
    if has_role(agent, Role.HR_OFFICER):
        mine |= Q(owner__in=agents_managed(agent).values("pk"))
    return waiting.filter(mine).select_related("owner").order_by("day", "pk")


_OF_TEAM: Compiled[uuid.UUID] = Compiled(
    lambda team, agent: (
        ExtraHours.objects.filter(state=CaseState.SUBMITTED, owner__in=within(team, "bigint"))
        .exclude(owner_id=agent)
        .values_list("pk", flat=True)[: SHOWN + 1]
    )
)


def count_to_answer(agent: Agent) -> int:
    """How many wait for this person, up to what a page shows: what the home page and « À valider » say."""
    if has_role(agent, Role.HR_OFFICER):
        return extra_to_answer(agent)[: SHOWN + 1].count()
    team = team_of(agent, today())
    return len(_OF_TEAM.rows(team=team, agent=agent.pk)) if team else 0


def extra_for(agent: Agent, extra_id: uuid.UUID) -> ExtraHours:
    """One that somebody may answer, or answered. Raises Http404 otherwise."""
    asked = _found(ExtraHours.objects.all(), extra_id)
    if not may_answer(agent, asked):
        raise Http404
    return asked


def _found(among: QuerySet[ExtraHours], extra_id: uuid.UUID) -> ExtraHours:
    asked = among.select_related("owner", "decided_by").filter(pk=extra_id).first()
    if asked is None:
        raise Http404
    return asked


def may_answer(agent: Agent, asked: ExtraHours) -> bool:
    """The supervisor, who holds their delegation, or HR of the perimeter; never one's own."""
    if asked.owner_id == agent.pk:
        return False
    return agent in deciders_for(asked.owner) or agent in hr_of(asked.owner)


def month_warnings(waiting: Sequence[ExtraHours]) -> dict[uuid.UUID, str]:
    """For each, what to say when the hours of its month pass the limit of the decree; in one query."""
    if not waiting:
        return {}
    months = {(asked.owner_id, asked.day.replace(day=1)) for asked in waiting}
    first = min(month for _owner, month in months)
    last = max(_end(month) for _owner, month in months)
    known = ExtraHours.objects.filter(
        owner__in={owner for owner, _month in months}, day__range=(first, last), state__in=LIVING_STATES
    )
    totals: dict[tuple[int, date], int] = {}
    for owner, day, minutes in known.values_list("owner_id", "day").annotate(Sum("minutes")):
        totals[owner, day.replace(day=1)] = totals.get((owner, day.replace(day=1)), 0) + minutes
    law = current_law()
    found = {}
    for asked in waiting:
        total, limit = totals.get((asked.owner_id, asked.day.replace(day=1)), 0), month_limit(asked.day, law)
        if total > limit:
            told = {"total": hours(total), "limit": hours(limit)}
            found[asked.pk] = _("%(total)s en plus ce mois-là : au-delà de %(limit)s (décret 2002-60 art. 6).") % told
    return found


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
