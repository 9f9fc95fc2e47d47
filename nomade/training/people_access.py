"""Who may see what people hold, what they must follow, and what is left of it. Absent and forbidden raise Http404."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.http import Http404

from nomade.kernel.clock import today
from nomade.people.access import agents_in_perimeter, givers_to, supervised_by
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role
from nomade.people.teams import standing_of, team_of
from nomade.training.access import UNREAD, follows, is_officer
from nomade.training.models import Enrolment, Habilitation, LaterEvaluation, Skill, SkillState

# Lines of what somebody holds; more are never shown at once.
MOST_HELD = 100


def member_for(agent: Agent, agent_id: int) -> Agent:
    """Somebody of the team, or of the perimeter of an officer. Raises Http404."""
    if agent_id == agent.pk or not follows(agent, agent_id):
        raise Http404
    return Agent.objects.get(pk=agent_id)


def _sees(agent: Agent, owner_id: int) -> bool:
    return owner_id == agent.pk or follows(agent, owner_id)


def habilitation_for(agent: Agent, habilitation_id: int) -> Habilitation:
    """What somebody holds: seen by them, who supervises them, and the officer of the perimeter. Raises Http404."""
    found = Habilitation.objects.select_related("proof").filter(pk=habilitation_id).first()
    if found is None or not _sees(agent, found.agent_id):
        raise Http404
    return found


def skill_for(agent: Agent, skill_id: uuid.UUID) -> Skill:
    """A declared skill, seen by the same people. Raises Http404."""
    found = Skill.objects.select_related("agent", "proof", "course").filter(pk=skill_id).first()
    if found is None or not _sees(agent, found.agent_id):
        raise Http404
    return found


def habilitations_of(agent: Agent) -> list[Habilitation]:
    """What somebody holds, the latest first."""
    return list(agent.habilitations.select_related("course").order_by("-obtained_on")[:MOST_HELD])


def skills_of(agent: Agent) -> list[Skill]:
    """What somebody declared, the latest first."""
    return list(agent.skills.order_by("-declared_at")[:MOST_HELD])


def team_enrolment(agent: Agent, enrolment_id: uuid.UUID) -> Enrolment:
    """One of the team, for who supervises or stands in; never one's own. Raises Http404."""
    found = Enrolment.objects.select_related("owner", "session", "session__course", "credit").filter(pk=enrolment_id)
    enrolment = found.filter(owner__in=team_of(agent, today())).exclude(owner=agent).first()
    if enrolment is None:
        raise Http404
    return enrolment


def later_to_answer(agent: Agent) -> set[uuid.UUID]:
    """One's own enrolments about which one is asked what is left of it, and has not answered."""
    answered = LaterEvaluation.objects.filter(enrolment=OuterRef("pk"), side=LaterEvaluation.Side.AGENT)
    asked = Enrolment.objects.filter(owner=agent, credit__later_asked_on__isnull=False)
    return set(asked.filter(~Exists(answered)).values_list("pk", flat=True))


def team_later(agent: Agent) -> list[Enrolment]:
    """Those of the team about which who supervises is asked, and has not answered."""
    answered = LaterEvaluation.objects.filter(enrolment=OuterRef("pk"), side=LaterEvaluation.Side.SUPERVISOR)
    asked = Enrolment.objects.filter(owner__in=supervised_by(agent), credit__later_asked_on__isnull=False)
    return list(asked.filter(~Exists(answered)).select_related("owner", "session__course").defer(*UNREAD)[:MOST_HELD])


def skill_of(agent: Agent, skill_id: uuid.UUID) -> Skill:
    """One of one's own. Raises Http404."""
    found = Skill.objects.filter(pk=skill_id, agent=agent).first()
    if found is None:
        raise Http404
    return found


def skill_to_check(agent: Agent, skill_id: uuid.UUID) -> Skill:
    """A skill of the perimeter of this officer, not one's own. Raises Http404."""
    mine = agents_in_perimeter(agent, Role.TRAINING_OFFICER)
    found = Skill.objects.filter(pk=skill_id, agent__in=mine).exclude(agent=agent)
    skill = found.select_related("agent", "proof", "course", "checked_by").first()
    if skill is None:
        raise Http404
    return skill


def skills_in_perimeter(agent: Agent) -> QuerySet[Skill]:
    """The skills of the perimeter of an officer, the ones to check first, the oldest first."""
    mine = agents_in_perimeter(agent, Role.TRAINING_OFFICER)
    to_check = Case(When(state=SkillState.DECLARED, then=0), default=1)
    return Skill.objects.filter(agent__in=mine).select_related("agent").order_by(to_check, "declared_at")


def heads_units(agent: Agent) -> bool:
    """Whether somebody follows the obligations of units."""
    try:
        scopes_of(agent)
    except Http404:
        return False
    return True


def scopes_of(agent: Agent) -> list[str] | None:
    """The units whose obligations somebody follows: the perimeter of an officer (None: everything), else the units that
    they head, or that are headed by who gave them a delegation. Raises Http404 for who follows none.
    """
    if is_officer(agent):
        paths = standing_of(agent, today()).perimeters(Role.TRAINING_OFFICER)
        return None if "" in paths else paths
    heads = Q(head=agent) | Q(head__in=givers_to(agent).values("giver"))
    led = list(OrgUnit.objects.existing(today()).filter(heads).values_list("path", flat=True))
    if not led:
        raise Http404
    return led


def depth_of(scopes: Sequence[str] | None) -> int:
    """How many codes of a path tell the units that are listed: the directions of the city, else the children of what is
    looked at when it is one unit, or those units themselves.
    """
    if scopes is None:
        return 1
    return min(one.count("/") for one in scopes) + (2 if len(scopes) == 1 else 1)


def units_named(scopes: Sequence[str] | None) -> list[str]:
    """The labels of some units; nothing, and no query, for the whole city."""
    if scopes is None:
        return []
    return list(OrgUnit.objects.filter(path__in=scopes).order_by("path").values_list("label", flat=True))
