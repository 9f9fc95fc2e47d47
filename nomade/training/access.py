"""Who may see which course, session, enrolment. Absent and forbidden both raise Http404."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nomade.cases.messages import how_many
from nomade.cases.searching import asked_for
from nomade.files.models import StoredFile
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.people.access import agents_in_perimeter, has_role, main_assignment, supervised_by
from nomade.people.models import Agent, Assignment
from nomade.people.roles import Role
from nomade.people.teams import standing_of, team_of
from nomade.training.models import (
    Course,
    CourseQuerySet,
    Enrolment,
    EnrolmentState,
    Favourite,
    OutsideRequest,
    OutsideState,
    SessionState,
    Trainer,
    TrainingSession,
    TrainingSessionQuerySet,
)
from nomade.training.models.enrolments import EnrolmentQuerySet

NEW_DAYS = 60
#: What lists of requests do not show of a course.
UNREAD = tuple(
    f"session__course__{name}"
    for name in ("words", "objectives", "programme", "audience", "prerequisites", "accessibility", "posts")
)


def is_officer(agent: Agent) -> bool:
    """Whether somebody keeps the catalogue and its sessions, whatever their perimeter."""
    return has_role(agent, Role.TRAINING_OFFICER)


def officer_or_404(agent: Agent) -> None:
    """Raises Http404 for who is no training officer."""
    if not is_officer(agent):
        raise Http404


def is_trainer(agent: Agent) -> bool:
    """Whether somebody teaches a session, past or to come."""
    return Trainer.objects.filter(agent=agent).exists()


# --- The catalogue ----------------------------------------------------------------------------------------------------


def courses_for(agent: Agent) -> CourseQuerySet:
    """The catalogue as an agent sees it, each course with `kept` (one of their favourites)."""
    kept = Exists(Favourite.objects.filter(agent=agent, course=OuterRef("pk")))
    return Course.objects.offered().annotate(kept=kept).defer("words", "objectives", "programme")


#: Courses that the portal's search shows.
FOUND = 5

_FOUND: Compiled[Course] = Compiled(
    lambda asked: Course.objects.offered().filter(words=asked_for(asked)).only("title", "kind")[:FOUND]
)


def courses_found(asked: str) -> list[Course]:
    """The first courses of the catalogue for the portal's search; `asked` is `cases.searching.written`'s."""
    return _FOUND.rows(asked=asked)


def askable(day: date) -> TrainingSessionQuerySet:
    """The sessions that one may still ask for on a day."""
    return TrainingSession.objects.filter(state=SessionState.OPEN, first_day__isnull=False, enrol_until__gte=day)


def with_dates(courses: Iterable[Course], day: date) -> set[uuid.UUID]:
    """Those of some courses that have a session one may still ask for; only looked up for those that are shown."""
    found = askable(day).filter(course__in=list(courses)).order_by()
    return set(found.values_list("course_id", flat=True).distinct())


def course_for(agent: Agent, course_id: uuid.UUID) -> Course:
    """A course of the catalogue; an officer also opens one that is no longer offered. Raises Http404."""
    found = Course.objects.select_related("domain", "requires").filter(pk=course_id).first()
    if found is None or not (found.is_offered or is_officer(agent)):
        raise Http404
    return found


def coming_sessions(course: Course, day: date) -> TrainingSessionQuerySet:
    """The sessions of a course that have not begun."""
    return TrainingSession.objects.filter(course=course).coming(day).prefetch_related("slots__room")


SESSION_LISTS = {
    "a-venir": _("À venir"),
    "sous-minimum": _("Sous le minimum"),
    "attente": _("Avec une liste d’attente"),
    "a-terminer": _("À terminer"),
    "terminees": _("Terminées"),
    "annulees": _("Annulées"),
}


def sessions_listed(which: str, day: date) -> TrainingSessionQuerySet:
    """The sessions of one of the lists of the office."""
    everything = TrainingSession.objects.all()
    if which == "a-terminer":
        return everything.filter(state=SessionState.OPEN, last_day__lt=day).order_by("last_day")
    if which in {"terminees", "annulees"}:
        state = SessionState.CLOSED if which == "terminees" else SessionState.CANCELLED
        return everything.filter(state=state).order_by("-first_day", "reference")
    coming = everything.coming(day)
    if which == "sous-minimum":
        return coming.filter(taken__lt=F("min_seats"))
    return coming.filter(in_line__gt=0) if which == "attente" else coming


def session_for(agent: Agent, session_id: uuid.UUID) -> TrainingSession:
    """A session of a course that the agent may see; one who is enrolled sees it whatever became of it."""
    found = (
        TrainingSession.objects.select_related("course", "course__domain", "course__requires")
        .prefetch_related("slots__room", "trainers__agent")
        .filter(pk=session_id)
        .first()
    )
    if found is None:
        raise Http404
    if found.course.is_offered or is_officer(agent) or found.enrolments.filter(owner=agent).exists():
        return found
    raise Http404


def taught_session(agent: Agent, session_id: uuid.UUID) -> TrainingSession:
    """A session that the agent teaches, or any for an officer. Raises Http404."""
    found = TrainingSession.objects.select_related("course").filter(pk=session_id)
    if not is_officer(agent):
        found = found.held_by(agent)
    session = found.prefetch_related("slots__room").first()
    if session is None:
        raise Http404
    return session


def sessions_taught_by(agent: Agent) -> TrainingSessionQuerySet:
    """The sessions that somebody teaches: the open ones, the nearest first, then those that are over."""
    return (
        TrainingSession.objects.held_by(agent)
        .exclude(state=SessionState.CANCELLED)
        .select_related("course")
        .order_by(Case(When(state=SessionState.OPEN, then=0), default=1), "first_day")
    )


def session_file(agent: Agent, session_id: uuid.UUID, file_id: uuid.UUID) -> StoredFile:
    """A document of a session: for who follows it or asked to, who teaches it, and the officers. Raises Http404."""
    session = TrainingSession.objects.filter(pk=session_id).first()
    if session is None or not opens_documents(agent, session):
        raise Http404
    file = session.documents.filter(pk=file_id).first()
    if file is None:
        raise Http404
    return file


def opens_documents(agent: Agent, session: TrainingSession) -> bool:
    """Whether somebody reads the documents of a session."""
    if is_officer(agent) or session.enrolments.alive().filter(owner=agent).exists():
        return True
    return session.trainers.filter(agent=agent).exists()


# --- Enrolments -------------------------------------------------------------------------------------------------------


def enrolments_of(agent: Agent) -> EnrolmentQuerySet:
    """One's own, the latest first."""
    return (
        Enrolment.objects.filter(owner=agent)
        .select_related("session", "session__course")
        .defer(*UNREAD)
        .order_by("-submitted_at")
    )


def enrolment_of(agent: Agent, enrolment_id: uuid.UUID) -> Enrolment:
    """One of one's own. Raises Http404."""
    found = enrolments_of(agent).select_related("owner", "decided_by").filter(pk=enrolment_id).first()
    if found is None:
        raise Http404
    return found


def enrolments_to_decide(agent: Agent) -> EnrolmentQuerySet:
    """What waits for this supervisor (or delegate), and for this officer within the perimeter; never one's own."""
    team = team_of(agent, today())
    mine = Q(state=EnrolmentState.SUBMITTED, owner_id__in=team)
    if is_officer(agent):
        mine |= Q(state=EnrolmentState.ENDORSED, owner__in=agents_in_perimeter(agent, Role.TRAINING_OFFICER))
    return (
        Enrolment.objects.filter(mine)
        .exclude(owner=agent)
        .select_related("owner", "session", "session__course")
        .defer(*UNREAD)
        .annotate(said=how_many("training"))
        .order_by("promised_on", "submitted_at")
    )


def owners_to_answer(agent: Agent) -> list[int]:
    """The agents whose requests wait for this officer; nobody, and no query, for who is none."""
    if not is_officer(agent):
        return []
    mine = agents_in_perimeter(agent, Role.TRAINING_OFFICER)
    waiting = Q(training_enrolment_set__state=EnrolmentState.ENDORSED)
    waiting |= Q(training_outsiderequest_set__state=OutsideState.ENDORSED)
    return list(mine.filter(waiting).values_list("pk", flat=True).distinct())


def enrolment_to_read(agent: Agent, enrolment_id: uuid.UUID) -> Enrolment:
    """One that this person follows, or that an HR officer over its owner reads in a portfolio. Raises Http404."""
    return _enrolment(enrolment_id, agent, reads)


def enrolment_to_decide(agent: Agent, enrolment_id: uuid.UUID) -> Enrolment:
    """One that this person follows as supervisor, delegate or officer, decided or not. Raises Http404."""
    return _enrolment(enrolment_id, agent, follows)


def _enrolment(enrolment_id: uuid.UUID, agent: Agent, may: Callable[[Agent, int], bool]) -> Enrolment:
    rows = Enrolment.objects.select_related("owner", "decided_by", "session", "session__course")
    found = rows.filter(pk=enrolment_id).first()
    if found is None or found.owner_id == agent.pk or not may(agent, found.owner_id):
        raise Http404
    return found


def reads(agent: Agent, owner_id: int) -> bool:
    """Whether somebody follows an agent, or is their HR officer: who reads what waits, and decides nothing."""
    if follows(agent, owner_id):
        return True
    return agents_in_perimeter(agent, Role.HR_OFFICER).filter(pk=owner_id).exists()


def follows(agent: Agent, owner_id: int) -> bool:
    """Whether somebody is the supervisor, delegate or officer of an agent."""
    if owner_id in team_of(agent, today()):
        return True
    return agents_in_perimeter(agent, Role.TRAINING_OFFICER).filter(pk=owner_id).exists()


def in_perimeter(agent: Agent, owners: list[int]) -> set[int]:
    """Those of some agents over whom somebody is a training officer."""
    mine = agents_in_perimeter(agent, Role.TRAINING_OFFICER).filter(pk__in=owners)
    return set(mine.values_list("pk", flat=True))


def enrolment_in(agent: Agent, session: TrainingSession, enrolment_id: uuid.UUID) -> Enrolment:
    """A request of a session, for the officer in whose perimeter its owner is. Raises Http404."""
    mine = agents_in_perimeter(agent, Role.TRAINING_OFFICER)
    found = session.enrolments.filter(pk=enrolment_id, owner__in=mine).select_related("owner").first()
    if found is None:
        raise Http404
    return found


def team_enrolments(agent: Agent) -> EnrolmentQuerySet:
    """Those of the team, alive: those to come, then the latest that were followed."""
    return (
        Enrolment.objects.alive()
        .filter(owner__in=supervised_by(agent))
        .select_related("owner", "session", "session__course", "credit")
        .defer(*UNREAD)
        .order_by(
            Case(When(session__last_day__gte=today(), then=0), default=1), "-session__last_day", "owner__sort_name"
        )
    )


def participants(session: TrainingSession) -> EnrolmentQuerySet:
    """Those who come, by name."""
    return session.enrolments.on_the_list().select_related("owner", "credit").order_by("owner__sort_name")


# --- Outside the catalogue --------------------------------------------------------------------------------------------


def outside_of(agent: Agent) -> QuerySet[OutsideRequest]:
    """One's own requests outside the catalogue, the latest first."""
    return OutsideRequest.objects.filter(owner=agent).order_by("-submitted_at")


def outside_request_of(agent: Agent, request_id: uuid.UUID) -> OutsideRequest:
    """One of one's own. Raises Http404."""
    found = outside_of(agent).select_related("owner", "quote", "decided_by").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def outside_to_decide(agent: Agent) -> QuerySet[OutsideRequest]:
    """What waits for this person, as `enrolments_to_decide`."""
    mine = Q(state=OutsideState.SUBMITTED, owner_id__in=team_of(agent, today()))
    if is_officer(agent):
        mine |= Q(state=OutsideState.ENDORSED, owner__in=agents_in_perimeter(agent, Role.TRAINING_OFFICER))
    found = OutsideRequest.objects.filter(mine).exclude(owner=agent).select_related("owner")
    return found.annotate(said=how_many("training-outside")).order_by("promised_on")


def outside_request_to_read(agent: Agent, request_id: uuid.UUID) -> OutsideRequest:
    """One that this person follows, or that an HR officer over its owner reads in a portfolio. Raises Http404."""
    return _outside(request_id, agent, reads)


def outside_request_to_decide(agent: Agent, request_id: uuid.UUID) -> OutsideRequest:
    """One that this person follows. Raises Http404."""
    return _outside(request_id, agent, follows)


def _outside(request_id: uuid.UUID, agent: Agent, may: Callable[[Agent, int], bool]) -> OutsideRequest:
    found = OutsideRequest.objects.select_related("owner", "quote", "decided_by").filter(pk=request_id).first()
    if found is None or found.owner_id == agent.pk or not may(agent, found.owner_id):
        raise Http404
    return found


# --- What others ask --------------------------------------------------------------------------------------------------


def unit_paths(agents: Iterable[int], day: date) -> dict[int, str]:
    """The path of the unit of some agents on a day."""
    placed = Assignment.objects.on(day).filter(agent__in=list(agents), is_main=True)
    return dict(placed.values_list("agent_id", "unit__path"))


def post_of(agent: Agent) -> str:
    """The post an agent holds today, or nothing."""
    assignment = main_assignment(agent)
    return assignment.post if assignment else ""


def is_new(course: Course, day: date) -> bool:
    """Whether a course came into the catalogue lately."""
    return course.created_at.date() >= day - timedelta(days=NEW_DAYS)


def leads(agent: Agent) -> bool:
    """Whether somebody has a team."""
    return standing_of(agent, today()).leads and bool(team_of(agent, today()))
