"""Changing a request already sent: other days, fewer, or none; and the answer to what was asked."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nomade.cases.models import CaseState
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import request_for, requests_of
from nomade.leave.forms import ChangeAnswerForm, ChangeForm
from nomade.leave.models import LIVING_STATES, ChangeAsked, LeaveRequest
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """The owner moves or shortens a request; when it is validated, the change is asked for."""
    leave = requests_of(request.agent).filter(pk=request_id, state__in=LIVING_STATES).first()
    if leave is None:
        raise Http404
    if request.method != "POST":
        return _page(request, leave, ChangeForm.of(leave))
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, leave, form, status=422)
    try:
        return _changed(request, leave, form)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        status = 409 if isinstance(refusal, actions.AlreadyHandled) else 422
        return _page(request, leave, form, status=status)


def _changed(request: AgentRequest, leave: LeaveRequest, form: ChangeForm) -> HttpResponse:
    if leave.state == CaseState.SUBMITTED:
        moved = actions.move_request(leave, form.period, http=request)
        messages.success(request, _("Vos nouvelles dates sont envoyées à la place des anciennes."))
        return _to(moved)
    reason = form.cleaned_data["reason"]
    actions.ask_change(leave, ChangeAsked.MOVE, form.period, reason=reason, http=request)
    messages.success(
        request, _("Votre changement est demandé. Les dates validées restent les vôtres d’ici la réponse.")
    )
    return _to(leave)


@require_POST
def ask_to_cancel(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """The owner asks that a validated absence be cancelled."""
    leave = requests_of(request.agent).filter(pk=request_id).first()
    if leave is None:
        raise Http404
    try:
        reason = request.POST.get("reason", "")[:1000]
        actions.ask_change(leave, ChangeAsked.CANCEL, None, reason=reason, http=request)
    except actions.AlreadyHandled as handled:
        messages.error(request, handled.message)
        return _to(leave)
    messages.success(request, _("L’annulation est demandée à votre responsable."))
    return _to(leave)


@require_POST
def answer(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """A decider accepts or declines the change that was asked."""
    leave = request_for(request.agent, request_id)
    form = ChangeAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Le formulaire est incomplet. Rechargez la page et recommencez."))
        return _to(leave)
    version = form.cleaned_data["version"]
    try:
        if form.cleaned_data["answer"] == "accept":
            leave = actions.accept_change(leave, by=request.agent, version=version, http=request)
            messages.success(request, _("Le changement est accepté, et l’agent en est prévenu."))
        else:
            reason = form.cleaned_data["reason"]
            actions.decline_change(leave, by=request.agent, reason=reason, version=version, http=request)
            messages.success(request, _("Le changement est refusé, et l’agent en est prévenu."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return _to(leave)


def _page(request: AgentRequest, leave: LeaveRequest, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "leave/change.html", {"leave": leave, "form": form}, status=status)


def _to(leave: LeaveRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("leave:request", args=[leave.pk]), status=303)
