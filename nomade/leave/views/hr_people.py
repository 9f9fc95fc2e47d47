"""Leave, for HR: the people of a perimeter and their counters."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.access import agent_to_enter_for
from nomade.leave.actions.corrections import correct_counter, read_correction
from nomade.leave.actions.days import move_day
from nomade.leave.balances import balances, outlook
from nomade.leave.hr_access import (
    agent_managed,
    agents_managed,
    correction_for,
    corrections_waiting,
    hr_only,
    operations_visible_to,
)
from nomade.leave.hr_forms import CorrectionForm, MoveForm, ReadingForm
from nomade.leave.models import Correction, CorrectionState, DayException, ExpiryNotice
from nomade.leave.views.own import day_to_come
from nomade.people.access import main_assignment, situation_on
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

SHOWN = 30


@require_safe
@hr_only
def index(request: AgentRequest) -> HttpResponse:
    """Search somebody, read what waits for a second reading, see the last operations."""
    return _index_page(request)


def _index_page(request: AgentRequest, *, status: int = 200, refusal: str = "") -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:100]
    found = list(agents_managed(request.agent).named_like(asked).order_by("sort_name")[: SHOWN + 1]) if asked else []  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "waiting": list(corrections_waiting(request.agent)[:SHOWN]),
        "operations": list(operations_visible_to(request.agent)[:5]),
        "refusal": refusal,
    }
    return render(request, "leave/hr/index.html", context, status=status)


@require_safe
def counters(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The counters of an agent, each with every movement, and the notices sent."""
    agent = agent_managed(request.agent, agent_id)
    audit.record("leave.counters_read", actor=request.agent.pk, subject=agent.pk, request=request)
    return _counters_page(request, agent, CorrectionForm())


def _counters_page(request: AgentRequest, agent: Agent, form: CorrectionForm, *, status: int = 200) -> HttpResponse:
    present = today()
    situation = situation_on(agent)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked in {str(present.year - 1), str(present.year + 1)} else present.year
    context = {
        "agent": agent,
        "assignment": main_assignment(agent),
        "situation": situation,
        "year": year,
        "years": (present.year - 1, present.year, present.year + 1),
        "balances": balances(agent, year),
        "annualised": situation is not None and situation.cycle.annual_minutes is not None,
        "notices": list(ExpiryNotice.objects.filter(counter__agent=agent).order_by("-sent_at")[:10]),
        "corrections": list(
            Correction.objects.filter(agent=agent)
            .exclude(state=CorrectionState.DONE)
            .select_related("author", "reader")
            .order_by("-created_at")[:10]
        ),
        "form": form,
    }
    return render(request, "leave/hr/counters.html", context, status=status)


@require_safe
def to_come(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The balances of an agent on a day to come: absences asked, rights to open and days lost by then."""
    agent = agent_managed(request.agent, agent_id)
    day = day_to_come(request.GET.get("au", ""))
    context = {"agent": agent, "day": day, "outlook": outlook(agent, day)}
    return render(request, "leave/hr/to_come.html", context)


@require_POST
def correct(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Corrects a counter, or sends the correction to a second reader."""
    agent = agent_managed(request.agent, agent_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _counters_page(request, agent, form, status=422)
    chosen = form.cleaned_data
    try:
        correction = correct_counter(
            agent, chosen["code"], chosen["year"], form.amount, by=request.agent, reason=chosen["reason"], http=request
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _counters_page(request, agent, form, status=422)
    if correction.state == CorrectionState.DONE:
        messages.success(request, _("Le compteur est corrigé, l’agent est prévenu."))
    else:
        messages.success(request, _("La correction attend la seconde lecture d’une autre personne."))
    return HttpResponseRedirect(reverse("leave:hr-counters", args=[agent.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: AgentRequest, agent_id: int) -> HttpResponse:
    """A day off of an agent moved once; for HR and for who supervises them."""
    agent = agent_to_enter_for(request.agent, agent_id)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            move_day(agent, chosen["off"], chosen["worked"], by=request.agent, reason=chosen["reason"], http=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Le jour est déplacé, l’agent est prévenu."))
            return HttpResponseRedirect(reverse("leave:hr-move", args=[agent.pk]), status=303)
    context = {
        "agent": agent,
        "form": form,
        "moved": list(DayException.objects.filter(agent=agent, day__gte=today()).order_by("day")[:20]),
    }
    return render(request, "leave/hr/move.html", context, status=422 if form.errors else 200)


@require_POST
def read(request: AgentRequest, correction_id: int) -> HttpResponse:
    """The second reading of a correction."""
    correction = correction_for(request.agent, correction_id)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return _index_page(request, status=422, refusal=_("Le formulaire est incomplet. Rechargez la page."))
    accept = form.cleaned_data["decision"] == "accept"
    try:
        read_correction(correction, by=request.agent, accept=accept, reason=form.cleaned_data["reason"], http=request)
    except Refusal as refusal:
        return _index_page(request, status=422, refusal=refusal.message)
    messages.success(request, _("La correction est faite.") if accept else _("La correction est rejetée."))
    return HttpResponseRedirect(reverse("leave:hr"), status=303)
