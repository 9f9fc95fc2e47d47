"""Where agents stand with what they must follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from nomade.people.access import supervised_by
from nomade.people.models import Agent, Assignment, Situation
from nomade.training.models import Exposure, Habilitation, Obligation
from nomade.training.rules.obligations import Due, Facts, Target, concerns, due_on

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
    """What some agents must follow, the most pressing first; five statements whatever their number."""
    people = list(agents)
    wanted = in_force(day) if obligations is None else list(obligations)
    if not people or not wanted:
        return []
    ids = [agent.pk for agent in people]
    facts = _facts_of(ids, day)
    held: dict[tuple[int, object], date | None] = {}
    courses = {one.course_id for one in wanted}
    rows = Habilitation.objects.filter(agent__in=ids, course__in=courses, obtained_on__lte=day).order_by("obtained_on")
    for agent_id, course_id, expires_on in rows.values_list("agent_id", "course_id", "expires_on"):
        held[agent_id, course_id] = expires_on
    found = []
    for agent in people:
        for one in wanted:
            if not concerns(target_of(one), facts[agent.pk]):
                continue
            key = (agent.pk, one.course_id)
            due = due_on(
                day, entry=agent.entry_date, within_days=one.within_days, held=key in held, expires_on=held.get(key)
            )
            found.append(Owed(agent, one, due))
    return sorted(found, key=lambda owed: (WORST[owed.due.standing], owed.due.until or date.max, owed.agent.sort_name))


def target_of(one: Obligation) -> Target:
    """Whom an obligation designates, as its rule reads it."""
    return Target(one.posts, one.status, one.category, one.unit.path if one.unit else "", one.risk_id)


def _facts_of(ids: list[int], day: date) -> dict[int, Facts]:
    placed = Assignment.objects.on(day).filter(agent__in=ids, is_main=True)
    posts = {agent: (post, path) for agent, post, path in placed.values_list("agent_id", "post", "unit__path")}
    situations = Situation.objects.on(day).filter(agent__in=ids).values_list("agent_id", "status", "category")
    ties = {agent: (status, category) for agent, status, category in situations}
    risks: dict[int, set[int]] = {}
    for agent, risk in exposed_on(day).filter(agent__in=ids).values_list("agent_id", "risk_id"):
        risks.setdefault(agent, set()).add(risk)
    return {
        one: Facts(
            post=posts.get(one, ("", ""))[0],
            unit=posts.get(one, ("", ""))[1],
            status=ties.get(one, ("", ""))[0],
            category=ties.get(one, ("", ""))[1],
            risks=frozenset(risks.get(one, ())),
        )
        for one in ids
    }


def exposed_on(day: date) -> QuerySet[Exposure]:
    """Who works under which risk on a day."""
    return Exposure.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def team_standing(agent: Agent, day: date) -> list[Owed]:
    """What the team of a supervisor must follow."""
    return owed_by(supervised_by(agent, day), day)
