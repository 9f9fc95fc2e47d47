"""Who may see and handle which question: the only ways in. Absent and forbidden look the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from nomade.cases.dialogues import DialogueStatus
from nomade.cases.lists import OwnFound
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.people.access import main_assignment, roles_of
from nomade.people.models import Agent, Assignment, RoleGrant
from nomade.people.roles import Role
from nomade.people.teams import standing_of
from nomade.questions.models import (
    OFFICE_ROLES,
    Office,
    Question,
    QuestionQuerySet,
    ReadyAnswer,
    Topic,
    Way,
)
from nomade.questions.rules.routing import Direction, office_for

FEW = 3


def held_roles(agent: Agent) -> tuple[Role, ...]:
    """The roles under which somebody answers questions today."""
    held = roles_of(agent)
    return tuple(role for role in OFFICE_ROLES if role in held)


def is_officer(agent: Agent) -> bool:
    """Whether somebody answers questions today."""
    return bool(held_roles(agent))


def officer_or_404(agent: Agent) -> None:
    """Raises Http404 for who answers nobody."""
    if not is_officer(agent):
        raise Http404


def keeps_lists(agent: Agent) -> bool:
    """Whether somebody keeps topics, offices and ways: human resources of the whole organisation."""
    if Role.HR_OFFICER not in held_roles(agent):
        return False
    whole = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.HR_OFFICER, perimeter__isnull=True)
    return bool(whole.exists())


def keeper_or_404(agent: Agent) -> None:
    """Raises Http404 for who does not keep the lists."""
    if not keeps_lists(agent):
        raise Http404


#: An agent's own questions, for the portal's search.
FOUND = OwnFound(Question, 5)


def questions_of(agent: Agent) -> QuestionQuerySet:
    """An agent's own questions."""
    return Question.objects.filter(owner=agent)


_PENDING: Compiled[Question] = Compiled(
    lambda owner: (
        Question.objects.filter(owner_id=owner, status=DialogueStatus.PENDING)
        .select_related("office")
        .only("subject", "office__label")
        .order_by("paused_at")[:FEW]
    )
)


def waiting_for(agent: Agent) -> list[Question]:
    """An agent's own questions that an office waits to go on with, the oldest first, for the home page."""
    return _PENDING.rows(owner=agent.pk)


def questions_handled_by(officer: Agent) -> QuestionQuerySet:
    """The questions to the offices of one's roles, of the agents of one's perimeter, never one's own."""
    held = held_roles(officer)
    if not held:
        return Question.objects.none()
    mine, standing = Q(pk__in=[]), standing_of(officer, today())
    for role in held:
        of_role, inside = Q(office__role=role), standing.perimeters(role)
        mine |= of_role if "" in inside else of_role & Q(_placed_in(inside))
    return Question.objects.filter(mine).exclude(owner=officer)


def _placed_in(paths: Iterable[str]) -> Exists:
    """Whether the agent who asks works today in one of some units, or below."""
    units = Q(pk__in=[])
    for path in paths:
        units |= Q(unit__path=path) | Q(unit__path__startswith=f"{path}/")
    return Exists(Assignment.objects.on(today()).filter(units, is_main=True, agent=OuterRef("owner")))


def question_of(agent: Agent, question_id: uuid.UUID) -> Question:
    """One of an agent's own questions. Raises Http404."""
    found = questions_of(agent).with_people().filter(pk=question_id).first()
    if found is None:
        raise Http404
    return found


def handled_question(officer: Agent, question_id: uuid.UUID) -> Question:
    """A question, for who may handle it. Raises Http404."""
    found = questions_handled_by(officer).with_people().filter(pk=question_id).first()
    if found is None:
        raise Http404
    return found


def question_for(agent: Agent, question_id: uuid.UUID) -> tuple[Question, bool]:
    """A question, and whether this person handles it (else it is their own). Raises Http404."""
    visible = Q(owner=agent)
    if is_officer(agent):
        visible |= Q(pk__in=questions_handled_by(agent).filter(pk=question_id).values("pk"))
    found = Question.objects.filter(visible, pk=question_id).with_people().first()
    if found is None:
        raise Http404
    return found, found.owner_id != agent.pk


def officers_for(office: Office, owner: Agent, placed: Assignment | None = None) -> QuerySet[Agent]:
    """Who may answer an agent in an office today: the holders of its role whose perimeter holds the agent.

    `placed` is the agent's main assignment, when it is already known.
    """
    placed = placed or main_assignment(owner)
    codes = placed.unit.path.split("/") if placed else []
    paths = ["/".join(codes[:depth]) for depth in range(1, len(codes) + 1)]
    held = RoleGrant.objects.on(today()).filter(role=office.role)
    held = held.filter(Q(perimeter__isnull=True) | Q(perimeter__path__in=paths))
    return Agent.objects.filter(pk__in=held.values("agent")).exclude(pk=owner.pk).order_by("sort_name")


# --- What one may ask -------------------------------------------------------------------------------------------------


def topics_on(day: date) -> list[Topic]:
    """What one may ask about on a day, in order, with the office of each."""
    return list(Topic.objects.on(day).filter(office__active=True).select_related("office"))


def directions_on(day: date) -> list[Direction]:
    """The ways that hold on a day."""
    ways = Way.objects.on(day).filter(office__active=True)
    rows = ways.values_list("unit__path", "topic", "office", "office__role")
    return [Direction(unit, topic, office, role) for unit, topic, office, role in rows]


def offices_for(agent: Agent, topics: Sequence[Topic], day: date) -> dict[int, Office]:
    """The office that answers this agent on each topic (by its id)."""
    placed = main_assignment(agent, day)
    unit, directions = placed.unit.path if placed else "", directions_on(day)
    chosen = {
        topic.pk: office_for(
            topic=topic.code, office=topic.office_id, role=topic.office.role, unit=unit, directions=directions
        )
        for topic in topics
    }
    known = {topic.office_id: topic.office for topic in topics}
    missing = set(chosen.values()) - set(known)
    if missing:
        known |= Office.objects.in_bulk(missing)
    return {topic: known[office] for topic, office in chosen.items()}


def topic_of_service(topics: Sequence[Topic], key: str) -> Topic | None:
    """The first topic that the pages of a service propose."""
    return next((topic for topic in topics if key and topic.service == key), None)


# --- What the desk keeps ----------------------------------------------------------------------------------------------


def offices() -> list[Office]:
    """Every office that is open, in order."""
    return list(Office.objects.filter(active=True))


def ready_answers_for(officer: Agent) -> QuerySet[ReadyAnswer]:
    """The answers written beforehand for every office, and for those of one's roles."""
    mine = Q(office__isnull=True) | Q(office__role__in=held_roles(officer))
    return ReadyAnswer.objects.filter(mine).select_related("office", "updated_by")


def ready_answer_for(officer: Agent, answer_id: int) -> ReadyAnswer:
    """One of them. Raises Http404."""
    found = ready_answers_for(officer).filter(pk=answer_id).first()
    if found is None:
        raise Http404
    return found
