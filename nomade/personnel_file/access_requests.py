"""The only ways to a request: one's own; those of the desks that one holds, or stands in for; never one's own there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet, TextField, Value
from django.http import Http404, HttpResponse

from nomade.cases.messages import how_many
from nomade.cases.models import CaseState
from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled
from nomade.people.access import agents_in_perimeter, roles_of, standing_in
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.models import BankChange, ChangeRequest, Subject, WaitingPiece
from nomade.personnel_file.subjects import SPECS

View = Callable[..., HttpResponse]
FEW = 5
DESKS: frozenset[str] = frozenset(spec.desk for spec in SPECS.values())


def requests_of(agent: Agent) -> QuerySet[ChangeRequest]:
    """An agent's own, latest first."""
    return ChangeRequest.objects.filter(owner=agent).order_by("-submitted_at")


class Waiting(NamedTuple):
    """A request that waits for a document (`missing`), or a change of bank that may still be cancelled (`until`)."""

    id: UUID
    missing: str
    until: datetime | None


def _waiting(agent: int, at: datetime) -> QuerySet[Any, Any]:
    asked = ChangeRequest.objects.filter(owner_id=agent, state=CaseState.SUBMITTED).exclude(missing="")
    never, nothing = Value(None, output_field=DateTimeField()), Value("", output_field=TextField())
    cooling = BankChange.objects.filter(
        owner_id=agent, state=CaseState.SUBMITTED, confirmed_at__isnull=False, cooling_until__gt=at
    )
    return (
        asked.order_by("-submitted_at")
        .values_list("pk", "missing", never)[:FEW]
        .union(cooling.order_by("-submitted_at").values_list("pk", nothing, "cooling_until")[:1], all=True)
    )


_WAITING: Compiled[Any] = Compiled(_waiting)


def waiting_for(agent: Agent) -> list[Waiting]:
    """In one query, for the home page: nearly always nothing."""
    return [Waiting(*row) for row in _WAITING.rows(agent=agent.pk, at=now())]


def request_of(agent: Agent, request_id: UUID) -> ChangeRequest:
    """One of the agent's own. Raises Http404."""
    found = requests_of(agent).select_related("owner", "answered_by").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def waiting_pieces(agent: Agent, form: str) -> list[WaitingPiece]:
    """The documents of a form that is not sent yet."""
    return list(WaitingPiece.objects.filter(agent=agent, form=form).select_related("stored").order_by("pk"))


def waiting_piece(agent: Agent, form: str, piece_id: int) -> WaitingPiece:
    """One of them. Raises Http404."""
    found = WaitingPiece.objects.filter(agent=agent, form=form, pk=piece_id).select_related("stored").first()
    if found is None:
        raise Http404
    return found


def holds_a_desk(officer: Agent) -> bool:
    """Whether somebody holds a desk, or stands in for who does."""
    return any(DESKS & roles_of(person) for person in standing_in(officer))


def desk_requests(officer: Agent) -> QuerySet[ChangeRequest]:
    """The requests of the officer's desks, inside each one's perimeter; never their own."""
    inside = Q(pk__in=[])
    for person in standing_in(officer):
        for role in DESKS & roles_of(person):
            subjects = [subject for subject, spec in SPECS.items() if spec.desk == role]
            agents = agents_in_perimeter(person, Role(role)).exclude(pk=person.pk)
            inside |= Q(subject__in=subjects, owner__in=agents.values("pk"))
    return ChangeRequest.objects.filter(inside).exclude(owner=officer).select_related("owner", "answered_by")


def still_waiting(requests: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Those without an answer: what a desk has to do first, then what waits for the agent; the oldest promise first."""
    return requests.filter(state=CaseState.SUBMITTED).order_by("missing", "promised_on", "submitted_at")


def with_messages(requests: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Each with `said`, how many messages it holds, its pieces among them."""
    return requests.annotate(said=how_many("file"))


def desk_request(officer: Agent, request_id: UUID) -> ChangeRequest:
    """One request of the officer's desks, answered or not. Raises Http404."""
    found = desk_requests(officer).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def is_secret(request: ChangeRequest) -> bool:
    """A recognition is never named outside its own desk."""
    return request.subject == Subject.DISABILITY


def desks_only(view: View) -> View:
    """A view of the desks; for everybody else it does not exist."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not holds_a_desk(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
