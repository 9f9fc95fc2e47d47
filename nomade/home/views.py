"""The first page of the day, the visit of the portal, and the helps of each role."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.home import actions, tour
from nomade.home.overview import overview
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.kernel.registry import services_open_to
from nomade.people.http import AgentRequest
from nomade.people.teams import standing_of


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The greeting, « À faire » and the cards of the enabled services."""
    proposed = request.agent.account.guide_seen_at is None
    return render(request, "home/index.html", {"overview": overview(request), "proposes_tour": proposed})


@require_safe
def visit(request: AgentRequest, step: str = tour.STEPS[0][0]) -> HttpResponse:
    """One step of the visit."""
    keys = [key for key, _label in tour.STEPS]
    if step not in keys:
        raise Http404
    at = keys.index(step)
    context = {
        "step": step,
        "labels": [label for _key, label in tour.STEPS],
        "number": at + 1,
        "before": keys[at - 1] if at else None,
        "after": keys[at + 1] if at + 1 < len(keys) else None,
        "services": [service for service in services_open_to(request) if service.menu and service.summary],
        "guides": tour.guides_for(standing_of(request.agent, today()))[0],
    }
    return render(request, "home/visit.html", context)


@require_POST
def leave_visit(request: AgentRequest) -> HttpResponse:
    """Skipped, or finished: the home page proposes it no more."""
    actions.leave_tour(request.agent)
    messages.success(request, _("La visite reste dans l’aide, en bas de chaque page, si vous voulez la revoir."))
    return HttpResponseRedirect(reverse("home:index"), status=303)


@require_safe
def guides(request: AgentRequest) -> HttpResponse:
    """The helps of each role, one's own first."""
    mine, others = tour.guides_for(standing_of(request.agent, today()))
    return render(request, "home/guides.html", {"mine": mine, "others": others})


@require_safe
def guide(request: AgentRequest, key: str) -> HttpResponse:
    """The help of one role."""
    found = tour.guide_of(key)
    if found is None:
        raise Http404
    return render(request, found.template, {"guide": found})
