"""What was decided before for an agent, for the rule of repeated refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime

from nomade.people.models import Agent
from nomade.training.models import CourseKind, Enrolment, EnrolmentState, OutsideKind, OutsideRequest, OutsideState
from nomade.training.rules.circuits import Outcome, needs_opinion

_DECIDED = {EnrolmentState.APPROVED.value: "approved", EnrolmentState.REFUSED.value: "refused"}


def earlier_outcomes(agent: Agent, kind: str) -> list[Outcome]:
    """Decisions on trainings of a kind, in the catalogue and outside, the oldest first."""
    found: list[tuple[datetime | None, str]] = list(
        Enrolment.objects.filter(
            owner=agent, session__course__kind=kind, state__in=_DECIDED, decided_at__isnull=False
        ).values_list("decided_at", "state")
    )
    outside = OutsideRequest.objects.filter(owner=agent, state__in=_DECIDED, decided_at__isnull=False)
    if kind == CourseKind.CPF:
        outside = outside.filter(kind=OutsideKind.CPF)
    else:
        outside = outside.filter(course_kind=kind).exclude(kind=OutsideKind.CPF)
    found += outside.values_list("decided_at", "state")
    return [_outcome(state) for _at, state in sorted(found, key=lambda one: one[0] or datetime.min.replace(tzinfo=UTC))]


def _outcome(state: str) -> Outcome:
    return "approved" if state in {EnrolmentState.APPROVED, OutsideState.APPROVED} else "refused"


def opinion_is_missing(agent: Agent, kind: str, opinion_on: date | None) -> bool:
    """Whether one more refusal waits for the opinion of the CAP."""
    if opinion_on is not None:
        return False
    return needs_opinion(earlier_outcomes(agent, kind), account="cpf" if kind == CourseKind.CPF else "plan")
