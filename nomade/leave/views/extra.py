"""Hours done beyond the cycle: an agent declares them, a supervisor answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.idempotency import new_form_token, once
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.access import agent_to_enter_for
from nomade.leave.actions.extra import answer_hours, declare_hours, withdraw_hours
from nomade.leave.actions.requests import AlreadyHandled
from nomade.leave.extra_hours import extra_for, extra_of, extra_to_answer, month_warnings, own_extra
from nomade.leave.forms import ExtraHoursForm
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AgentRequest) -> HttpResponse:
    """One's declared hours, and the form of more."""
    return _declare(request, request.agent)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The same form, typed for somebody of one's team or perimeter."""
    return _declare(request, agent_to_enter_for(request.agent, agent_id))


def _declare(request: AgentRequest, owner: Agent) -> HttpResponse:
    own = owner.pk == request.agent.pk
    form = ExtraHoursForm(request.POST or None, initial={"form_token": new_form_token()})
    if request.method == "POST" and form.is_valid():
        try:
            once(
                request.agent,
                token=form.cleaned_data["form_token"],
                form=f"leave.extra-{owner.pk}",
                content={name: form.data.get(name, "") for name in ("day", "duration", "period", "reason")},
                action=lambda: _write(request, owner, form.cleaned_data),
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            said = _("Vos heures sont déclarées : votre responsable répondra.")
            messages.success(request, said if own else _("Les heures sont déclarées, et l’agent en est prévenu."))
            return HttpResponseRedirect(request.path, status=303)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "owner": owner, "own": own, "hours_declared": extra_of(owner)}
    return render(request, "leave/extra.html", context, status=status)


def _write(request: AgentRequest, owner: Agent, told: dict[str, Any]) -> str:
    asked = declare_hours(
        owner,
        told["day"],
        told["duration"],
        period=told["period"],
        reason=told["reason"],
        by=None if owner.pk == request.agent.pk else request.agent,
        http=request,
    )
    return str(asked.pk)


@require_POST
def withdraw(request: AgentRequest, extra_id: uuid.UUID) -> HttpResponse:
    """Takes back hours that nobody has answered."""
    try:
        withdraw_hours(own_extra(request.agent, extra_id), http=request)
    except AlreadyHandled as handled:
        messages.error(request, handled.message)
    else:
        messages.success(request, _("La déclaration est retirée."))
    return HttpResponseRedirect(reverse("leave:extra"), status=303)


@require_safe
def to_answer(request: AgentRequest) -> HttpResponse:
    """The hours that wait for this person's answer."""
    return _waiting(request)


def _waiting(
    request: AgentRequest, *, status: int = 200, wrong: uuid.UUID | None = None, said: str = ""
) -> HttpResponse:
    waiting = list(extra_to_answer(request.agent)[: SHOWN + 1])
    context = {
        "waiting": waiting[:SHOWN],
        "more": len(waiting) > SHOWN,
        "warnings": month_warnings(waiting[:SHOWN]),
        "wrong": wrong,
        "said": said,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "leave/extra_to_answer.html", context, status=status)


@require_POST
def answer(request: AgentRequest, extra_id: uuid.UUID) -> HttpResponse:
    """Agrees or refuses."""
    asked = extra_for(request.agent, extra_id)
    accept = request.POST.get("answer") == "accept"
    try:
        answer_hours(asked, by=request.agent, accept=accept, reason=request.POST.get("reason", "")[:300], http=request)
    except AlreadyHandled as handled:
        return _waiting(request, status=409, said=handled.message)
    except Refusal as refusal:
        return _waiting(request, status=422, wrong=asked.pk, said=refusal.message)
    done = _("Heures de %(name)s validées.") if accept else _("Heures de %(name)s non retenues.")
    messages.success(request, done % {"name": asked.owner.full_name})
    return HttpResponseRedirect(reverse("leave:extra-to-answer"), status=303)
