"""Where agents stand with what they must follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nomade.people.access import supervised_by
from nomade.people.models import Agent, Assignment, Situation
from nomade.training.models import Habilitation, Obligation
from nomade.training.rules.obligations import Due, concerns, due_on

WORST = {"overdue": 0, "due": 1, "soon": 2, "valid": 3}


@dataclass(frozen=True)
class Owed:
    """An obligation of an agent, and where they stand."""

    agent: Agent
    obligation: Obligation
    due: Due


def in_force(day: date) -> list[Obligation]:
    """The obligations of a day, with their courses and units."""
    found = Obligation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return list(found.select_related("course", "unit"))


def owed_by(agents: Iterable[Agent], day: date, *, obligations: Sequence[Obligation] | None = None) -> list[Owed]:
    """What some agents must follow, the most pressing first; four statements whatever their number."""
    people = list(agents)
    wanted = in_force(day) if obligations is None else list(obligations)
    if not people or not wanted:
        return []
    ids = [agent.pk for agent in people]
    posts = {
        agent: (post, path)
        for agent, post, path in Assignment.objects.on(day)
        .filter(agent__in=ids, is_main=True)
        .values_list("agent_id", "post", "unit__path")
    }
    statuses = dict(Situation.objects.on(day).filter(agent__in=ids).values_list("agent_id", "status"))
    held: dict[tuple[int, object], date | None] = {}
    courses = {one.course_id for one in wanted}
    rows = Habilitation.objects.filter(agent__in=ids, course__in=courses, obtained_on__lte=day).order_by("obtained_on")
    for agent_id, course_id, expires_on in rows.values_list("agent_id", "course_id", "expires_on"):
        held[agent_id, course_id] = expires_on
    found = []
    for agent in people:
        post, path = posts.get(agent.pk, ("", ""))
        for one in wanted:
            unit = one.unit.path if one.unit else ""
            if not concerns(
                one.posts, one.status, unit, post=post, agent_status=statuses.get(agent.pk, ""), agent_unit=path
            ):
                continue
            key = (agent.pk, one.course_id)
            due = due_on(
                day, entry=agent.entry_date, within_days=one.within_days, held=key in held, expires_on=held.get(key)
            )
            found.append(Owed(agent, one, due))
    return sorted(found, key=lambda owed: (WORST[owed.due.standing], owed.due.until or date.max, owed.agent.sort_name))


def team_standing(agent: Agent, day: date) -> list[Owed]:
    """What the team of a supervisor must follow."""
    return owed_by(supervised_by(agent, day), day)
