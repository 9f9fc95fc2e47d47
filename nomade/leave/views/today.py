"""« Je ne viens pas aujourd’hui », and what it was once one knows."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.cases.idempotency import new_form_token, once
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import requests_of
from nomade.leave.forms import AbsentTodayForm, SpecifyForm
from nomade.leave.models import LIVING_STATES, LeaveRequest
from nomade.leave.rules.circuits import UNSPECIFIED
from nomade.people.access import supervisor_of
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
def absent_today(request: AgentRequest) -> HttpResponse:
    """One button that tells the supervisor at once."""
    if request.method != "POST":
        return _announce_page(request, AbsentTodayForm(initial={"form_token": new_form_token()}))
    form = AbsentTodayForm(request.POST)
    if not form.is_valid():
        return _announce_page(request, form, status=422)
    try:
        outcome = once(
            request.agent,
            token=form.cleaned_data["form_token"],
            form="leave.today",
            content={"since": form.half, "day": today()},
            action=lambda: str(actions.announce_absence(request.agent, since=form.half, http=request).pk),
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _announce_page(request, form, status=422)
    messages.success(request, _("Votre responsable est prévenu. Vous pourrez préciser le type d’absence plus tard."))
    return HttpResponseRedirect(reverse("leave:request", args=[outcome.result]), status=303)


def _announce_page(request: AgentRequest, form: AbsentTodayForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "supervisor": supervisor_of(request.agent)}
    return render(request, "leave/absent_today.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def specify(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """What an announced absence was, until when, with its document."""
    leave = _announced(request, request_id)
    if request.method != "POST":
        initial = {"last_day": leave.last_day, "form_token": new_form_token()}
        return _specify_page(request, leave, SpecifyForm(initial=initial))
    form = SpecifyForm(request.POST, request.FILES, first=leave.period)
    if not form.is_valid():
        return _specify_page(request, leave, form, status=422)
    try:
        outcome = once(
            request.agent,
            token=form.cleaned_data["form_token"],
            form="leave.specify",
            content={"leave": leave.pk, "type": form.cleaned_data["leave_type"].pk},
            action=lambda: str(
                actions.specify_leave(
                    leave,
                    form.cleaned_data["leave_type"],
                    form.period,
                    documents=form.cleaned_data["documents"],
                    http=request,
                ).pk
            ),
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _specify_page(request, leave, form, status=422)
    messages.success(request, _("C’est noté : votre absence est précisée."))
    return HttpResponseRedirect(reverse("leave:request", args=[outcome.result]), status=303)


def _announced(request: AgentRequest, request_id: uuid.UUID) -> LeaveRequest:
    """One's own announced absence, still to specify (or just specified, for a second sending of the form)."""
    found = requests_of(request.agent).filter(pk=request_id, leave_type__code=UNSPECIFIED).first()
    if found is None or (request.method != "POST" and found.state not in LIVING_STATES):
        raise Http404
    return found


def _specify_page(request: AgentRequest, leave: LeaveRequest, form: SpecifyForm, *, status: int = 200) -> HttpResponse:
    return render(request, "leave/specify.html", {"leave": leave, "form": form}, status=status)
