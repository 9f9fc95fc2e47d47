"""What waits for somebody's decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import first_to_decide, request_for, requests_to_decide
from nomade.leave.balances import left_after
from nomade.leave.decision_forms import DecisionForm, chosen_from
from nomade.leave.extra_hours import count_to_answer
from nomade.leave.models import LeaveRequest
from nomade.leave.staffing import Staff, Teams, staff_for, suggested_reasons
from nomade.leave.wording import period_phrase
from nomade.people.http import AgentRequest

DECIDED = {"approve": "approved", "refuse": "refused"}


@dataclass(frozen=True)
class Waiting:
    """A request to decide, with all that its decider compares."""

    leave: LeaveRequest
    when: str
    staff: Staff
    left: list[tuple[str, int]]
    suggestions: list[str]
    wanted: str = ""


@dataclass(frozen=True)
class Failure:
    """What went wrong with the decision on one request, shown on its card with what was typed."""

    request_id: uuid.UUID
    message: str
    rule: str
    typed: DecisionForm


@require_safe
def to_decide(request: AgentRequest) -> HttpResponse:
    """The requests that wait for this person, the oldest first."""
    return _page(request)


def _page(
    request: AgentRequest, *, status: int = 200, failure: Failure | None = None, notices: list[str] | None = None
) -> HttpResponse:
    leaves, more = first_to_decide(request.agent)
    context = {
        "waiting": waiting_for(leaves),
        "more": more,
        "extra_waiting": count_to_answer(request.agent),
        "all_chosen": "tout" in request.GET,
        "failure": failure,
        "notices": notices or [],
    }
    return render(request, "leave/to_decide.html", context, status=status)


def waiting_for(leaves: list[LeaveRequest], teams: Teams | None = None) -> list[Waiting]:
    """Each request with the presence of its team, the balance it leaves, and the reasons one may refuse it for."""
    staff, left = staff_for(leaves, teams), left_after(leaves)
    # The reasons of HR come with the requests: one query less, and the same array for all.
    ready_made: list[str] = leaves[0].offered if leaves else []  # type: ignore[attr-defined]  # annotated by `access`
    return [
        Waiting(
            leave,
            period_phrase(leave.period),
            staff[leave.pk],
            left[leave.pk],
            suggested_reasons(staff[leave.pk]) + ready_made,
            period_phrase(wanted) if (wanted := actions.wanted_period(leave)) else "",
        )
        for leave in leaves
    ]


@require_POST
def decide(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """Validates or refuses one request; sent twice by the same person, it decides once."""
    leave = request_for(request.agent, request_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, notices=[form.first_error])
    decision = form.cleaned_data["decision"]
    if leave.decided_by_id == request.agent.pk and leave.state == DECIDED[decision]:
        return _back()
    try:
        _decide(request, leave, form)
    except actions.AlreadyHandled as handled:
        return _page(request, status=409, notices=[handled.message])
    except Refusal as refusal:
        return _page(request, status=422, failure=Failure(leave.pk, refusal.message, refusal.rule, form))
    done = _("Absence de %(name)s validée.") if decision == "approve" else _("Absence de %(name)s refusée.")
    messages.success(request, done % {"name": leave.owner.full_name})
    return _back()


def _decide(request: AgentRequest, leave: LeaveRequest, form: DecisionForm) -> None:
    version = form.cleaned_data["version"]
    if form.cleaned_data["decision"] == "approve":
        form.written_for_a_refusal()
        actions.approve_leave(leave, by=request.agent, version=version, http=request)
        return
    reason, others = form.full_reason, form.others
    actions.refuse_leave(leave, by=request.agent, reason=reason, others=others, version=version, http=request)


@require_POST
def decide_many(request: AgentRequest) -> HttpResponse:
    """Validates the requests that were ticked; what could not be is said, request by request."""
    versions = chosen_from(request.POST.getlist("choix"))
    if not versions:
        return _page(request, status=422, notices=[_("Cochez d’abord les demandes à valider.")])
    waiting = list(requests_to_decide(request.agent).pending().filter(pk__in=versions))
    batch = actions.approve_many([(leave, versions[leave.pk]) for leave in waiting], by=request.agent, http=request)
    gone = len(versions) - len(waiting)
    if gone:
        batch.left.append(
            ngettext(
                "%(count)s demande cochée était déjà traitée, ou n’attend plus votre décision.",
                "%(count)s demandes cochées étaient déjà traitées, ou n’attendent plus votre décision.",
                gone,
            )
            % {"count": gone}
        )
    count = len(batch.approved)
    if count:
        text = ngettext("%(count)s absence validée.", "%(count)s absences validées.", count)
        messages.success(request, text % {"count": count})
    return _page(request, status=409, notices=batch.left) if batch.left else _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("leave:to-decide"), status=303)
