"""The technicians' desk: the queue, and what one does with a ticket."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.dialogue_forms import AssignForm
from nomade.cases.lists import searched
from nomade.cases.queues import TABS
from nomade.kernel.clock import now
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.support import access
from nomade.support.actions import knowledge
from nomade.support.actions import tickets as actions
from nomade.support.forms import IncidentForm, SortForm, TechnicianForm
from nomade.support.models import Incident, Priority, PublicReport
from nomade.support.queries import going_on, page_of, queue, tab_counts
from nomade.support.views.gates import for_technicians, tickets_kept_here
from nomade.support.views.tickets import WINDOW, detail_page
from nomade.support.wording import PRIORITY_TONES

SHOWN_REPORTS = 100


@tickets_kept_here
@for_technicians
@require_safe
def tickets(request: AgentRequest) -> HttpResponse:
    """The queue: what is due soonest first; or what a search finds, the newest first."""
    mine = access.tickets_handled_by(request.agent)
    typed, view = request.GET.get("q", "").strip()[:100], request.GET.get("vue", "a-prendre")
    team = request.GET.get("groupe", "")
    shown = searched(mine, typed) if typed else queue(mine, request.agent, view)
    if team:
        shown = shown.filter(team__code=team)
    page = page_of(shown, newest=bool(typed) or view == "toutes", after=request.GET.get("apres", ""))
    context = {
        "page": page,
        "tabs": TABS,
        "counts": {} if typed else tab_counts(mine, request.agent),  # a search shows no tabs
        "view": view,
        "typed": typed,
        "team": team,
        "teams": access.desk_teams(),
        "now": now(),
        "priority_tones": PRIORITY_TONES,
        "reports": PublicReport.objects.filter(handled_at__isnull=True).count(),
    }
    return render(request, "support/desk/queue.html", context)


@tickets_kept_here
@for_technicians
@require_POST
def answer(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Writes to the agent, or keeps a note of the desk."""
    ticket = access.handled_ticket(request.agent, ticket_id)
    form = TechnicianForm(request.POST, request.FILES)
    return WINDOW.answer(request, ticket, form) or WINDOW.back(ticket)


@tickets_kept_here
@for_technicians
@require_POST
def assign(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Takes a ticket, or gives it to a colleague."""
    ticket = access.handled_ticket(request.agent, ticket_id)
    return WINDOW.assign(request, ticket, AssignForm(request.POST, able=access.technicians()))


@tickets_kept_here
@for_technicians
@require_POST
def sort(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Corrects category, team and priority."""
    ticket = access.handled_ticket(request.agent, ticket_id)
    form = SortForm(request.POST)
    if not form.is_valid():
        notice = _("Choisissez une catégorie et une priorité de la liste.")
        return detail_page(request, ticket, handles=True, status=422, notice=notice)
    data = form.cleaned_data
    actions.sort(
        ticket,
        by=request.agent,
        category=data["category"],
        team=data["team"],
        priority=Priority(data["priority"]),
        http=request,
    )
    return WINDOW.done(request, ticket, _("La demande est classée."))


@for_technicians
@require_safe
def reports(request: AgentRequest) -> HttpResponse:
    """What people who are not signed in reported, the oldest first."""
    waiting = PublicReport.objects.filter(handled_at__isnull=True).order_by("created_at")[:SHOWN_REPORTS]
    return render(request, "support/desk/reports.html", {"reports": list(waiting)})


@for_technicians
@require_POST
def handle_report(request: AgentRequest, report_id: uuid.UUID) -> HttpResponse:
    """Somebody called back."""
    knowledge.handle_report(access.report_at_desk(request.agent, report_id), by=request.agent, http=request)
    messages.success(request, _("Le signalement est traité."))
    return HttpResponseRedirect(reverse("desk:reports"), status=303)


@for_technicians
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: AgentRequest) -> HttpResponse:
    """What everybody is told does not work."""
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        knowledge.announce_incident(by=request.agent, http=request, **form.cleaned_data)
        messages.success(request, _("L’incident est annoncé sur la page d’assistance."))
        return HttpResponseRedirect(reverse("desk:incidents"), status=303)
    context = {"form": form, "incidents": going_on()}
    return render(request, "support/desk/incidents.html", context, status=422 if form.errors else 200)


@for_technicians
@require_POST
def end_incident(request: AgentRequest, incident_id: int) -> HttpResponse:
    """It works again."""
    knowledge.end_incident(get_object_or_404(Incident, pk=incident_id), by=request.agent, http=request)
    messages.success(request, _("L’incident est terminé."))
    return HttpResponseRedirect(reverse("desk:incidents"), status=303)
