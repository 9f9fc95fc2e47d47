"""The pages of a request of training, for its agent and for who follows it, with what they write to each other."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from nomade.cases.exchange_views import Room, Talk
from nomade.kernel.clock import now, today
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.training import access, papers
from nomade.training.actions import outside
from nomade.training.actions.reminders import WAITING
from nomade.training.actions.seats import STEPS
from nomade.training.forms import RefuseForm
from nomade.training.history import opinion_is_missing
from nomade.training.models import Enrolment, EnrolmentState, OutsideRequest, OutsideState, Seat, Slot
from nomade.training.talking import ENROLMENTS, OUTSIDE
from nomade.training.warnings import warnings_for


def enrolment_shown(
    request: AgentRequest,
    found: Enrolment,
    *,
    handles: bool,
    talk: Talk | None = None,
    form: RefuseForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Where one request stands, and what can be done of it."""
    slots = list(found.session.slots.all())
    context: dict[str, Any] = {
        "enrolment": found,
        "slots": slots,
        "talk": talk or ENROLMENT_ROOM.talk(request, found, handles=handles),
        "comes": found.state == EnrolmentState.APPROVED and found.seat == Seat.HELD,
    }
    if handles:
        return render(
            request,
            "training/decide.html",
            context | _to_decide(request, found, slots) | {"form": form or RefuseForm()},
            status=status,
        )
    alive = found.state in {*WAITING, EnrolmentState.APPROVED}
    context |= {
        "place": papers.place_of(found.session, slots),
        "documents": list(found.session.documents.all()) if alive else [],
        "today_is": today(),
        "offered": found.seat == Seat.OFFERED and found.offered_until is not None and found.offered_until > now(),
        "may_cancel": alive and (not slots or slots[0].day > today()),
        "before": found.session.enrolments.in_line().filter(rank__lt=found.rank).count(),
        "credit": getattr(found, "credit", None),
        "refusal": refusal,
    }
    return render(request, "training/enrolment.html", context, status=status)


def _to_decide(request: AgentRequest, found: Enrolment, slots: list[Slot]) -> dict[str, Any]:
    mine = access.enrolments_to_decide(request.agent).filter(pk=found.pk).exists()
    return {
        "warnings": warnings_for(found.owner, found.session, slots),
        "mine": mine,
        "follows": mine or access.follows(request.agent, found.owner_id),
        "office": access.is_officer(request.agent),
        "needs_opinion": mine and opinion_is_missing(found.owner, found.session.course.kind, None),
        "version": request.POST.get("version", found.version),
    }


def outside_shown(
    request: AgentRequest,
    asked: OutsideRequest,
    *,
    handles: bool,
    talk: Talk | None = None,
    form: RefuseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A request outside the catalogue: where it stands; for who follows it, yes or no."""
    context: dict[str, Any] = {"asked": asked, "talk": talk or OUTSIDE_ROOM.talk(request, asked, handles=handles)}
    if not handles:
        context["waiting"] = asked.state in WAITING
        return render(request, "training/outside_request.html", context, status=status)
    mine = access.outside_to_decide(request.agent).filter(pk=asked.pk).exists()
    context |= {
        "mine": mine,
        "follows": mine or access.follows(request.agent, asked.owner_id),
        "office": mine and asked.state == OutsideState.ENDORSED,
        "needs_opinion": mine and opinion_is_missing(asked.owner, outside.nature_of(asked), None),
        "form": form or RefuseForm(),
        "version": request.POST.get("version", asked.version),
    }
    return render(request, "training/decide_outside.html", context, status=status)


ENROLMENT_ROOM = Room(ENROLMENTS, space="training", name="enrolment", titles=lambda: STEPS, page=enrolment_shown)
OUTSIDE_ROOM = Room(OUTSIDE, space="training", name="outside", titles=lambda: outside.STEPS, page=outside_shown)
