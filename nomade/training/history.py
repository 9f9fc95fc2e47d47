"""What was decided before for agents, for the rule of repeated refusals."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from nomade.people.models import Agent
from nomade.training.models import CourseKind, Enrolment, EnrolmentState, OutsideKind, OutsideRequest, OutsideState
from nomade.training.rules.circuits import Outcome, needs_opinion

_DECIDED: dict[str, Outcome] = {
    EnrolmentState.APPROVED.value: "approved",
    EnrolmentState.REFUSED.value: "refused",
    OutsideState.APPROVED.value: "approved",
    OutsideState.REFUSED.value: "refused",
}


def earlier_outcomes(owners: Iterable[int]) -> dict[tuple[int, str], list[Outcome]]:
    """Decisions by agent and kind of training, in the catalogue and outside, the oldest first; two statements."""
    ids = list(owners)
    decided = {"owner__in": ids, "state__in": _DECIDED, "decided_at__isnull": False}
    found: list[tuple[datetime | None, int, str, str]] = list(
        Enrolment.objects.filter(**decided).values_list("decided_at", "owner_id", "session__course__kind", "state")
    )
    beyond = OutsideRequest.objects.filter(**decided).values_list(
        "decided_at", "owner_id", "kind", "course_kind", "state"
    )
    for at, owner, kind, course_kind, state in beyond:
        found.append((at, owner, CourseKind.CPF if kind == OutsideKind.CPF else course_kind, state))
    outcomes: dict[tuple[int, str], list[Outcome]] = defaultdict(list)
    for _at, owner, kind, state in sorted(found, key=lambda one: one[0] or datetime.min.replace(tzinfo=UTC)):
        outcomes[owner, kind].append(_DECIDED[state])
    return outcomes


def opinion_is_missing(agent: Agent, kind: str, opinion_on: date | None) -> bool:
    """Whether one more refusal waits for the opinion of the CAP."""
    if opinion_on is not None:
        return False
    return _needs(earlier_outcomes([agent.pk]).get((agent.pk, kind), []), kind)


def opinions_missing(waiting: Iterable[Enrolment]) -> set[uuid.UUID]:
    """Those of some requests whose refusal waits for the opinion of the CAP; two statements whatever their number."""
    requests = list(waiting)
    outcomes = earlier_outcomes(one.owner_id for one in requests)
    kinds = {one.pk: (one.owner_id, one.session.course.kind) for one in requests}
    return {key for key, (owner, kind) in kinds.items() if _needs(outcomes.get((owner, kind), []), kind)}


def _needs(earlier: list[Outcome], kind: str) -> bool:
    return needs_opinion(earlier, account="cpf" if kind == CourseKind.CPF else "plan")
