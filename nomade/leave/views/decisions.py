"""What waits for somebody's decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import request_for, requests_to_decide
from nomade.leave.forms import DecisionForm
from nomade.leave.models import LeaveRequest
from nomade.leave.wording import period_phrase
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest

SHOWN = 50
DECIDED = {"approve": "approved", "refuse": "refused"}


@dataclass(frozen=True)
class Waiting:
    """A request to decide, with who else of the team is away on these days."""

    leave: LeaveRequest
    when: str
    also_away: list[LeaveRequest]


@dataclass(frozen=True)
class Failure:
    """What went wrong with the decision on one request, shown on its card with what was typed."""

    request_id: uuid.UUID
    message: str
    rule: str
    typed: str


@require_safe
def to_decide(request: AgentRequest) -> HttpResponse:
    """The requests that wait for this person, the oldest first."""
    return _page(request)


def _page(
    request: AgentRequest, *, status: int = 200, failure: Failure | None = None, notice: str = ""
) -> HttpResponse:
    leaves = list(requests_to_decide(request.agent)[: SHOWN + 1])
    context = {
        "waiting": _with_team(request, leaves[:SHOWN]),
        "more": len(leaves) > SHOWN,
        "failure": failure,
        "notice": notice,
    }
    return render(request, "leave/to_decide.html", context, status=status)


def _with_team(request: AgentRequest, leaves: list[LeaveRequest]) -> list[Waiting]:
    """Each request with the validated absences of the team that it crosses, in one query."""
    if not leaves:
        return []
    first, last = min(leave.first_day for leave in leaves), max(leave.last_day for leave in leaves)
    team = supervised_by(request.agent).values("pk")
    away = list(LeaveRequest.objects.approved().filter(owner__in=team).touching(first, last).select_related("owner"))
    return [
        Waiting(
            leave,
            period_phrase(leave.period),
            [other for other in away if other.owner_id != leave.owner_id and other.period.overlaps(leave.period)],
        )
        for leave in leaves
    ]


@require_POST
def decide(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """Validates or refuses one request; sent twice by the same person, it decides once."""
    leave = request_for(request.agent, request_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, notice=_("Le formulaire est incomplet. Rechargez la page et recommencez."))
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    if leave.decided_by_id == request.agent.pk and leave.state == DECIDED[decision]:
        return _back()
    try:
        if decision == "approve":
            actions.approve_leave(leave, by=request.agent, version=form.cleaned_data["version"], http=request)
        else:
            actions.refuse_leave(
                leave, by=request.agent, reason=reason, version=form.cleaned_data["version"], http=request
            )
    except actions.AlreadyHandled as handled:
        return _page(request, status=409, notice=handled.message)
    except Refusal as refusal:
        return _page(request, status=422, failure=Failure(leave.pk, refusal.message, refusal.rule, reason))
    done = _("Absence de %(name)s validée.") if decision == "approve" else _("Absence de %(name)s refusée.")
    messages.success(request, done % {"name": leave.owner.full_name})
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("leave:to-decide"), status=303)
