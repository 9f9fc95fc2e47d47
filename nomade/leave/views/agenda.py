"""One's absences in one's own calendar program."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.hosts import absolute_url
from nomade.kernel.http import public
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.agenda import agent_of_feed, feed_of
from nomade.leave.models import CalendarFeed
from nomade.people.http import AgentRequest


@require_safe
def page(request: AgentRequest) -> HttpResponse:
    """What the private address is for, and whether one is open."""
    return _page(request, "")


@require_POST
def renew(request: AgentRequest) -> HttpResponse:
    """Opens an address, shown this once; an earlier one stops."""
    secret = actions.open_feed(request.agent, http=request)
    return _page(request, absolute_url("portal", "leave:feed", secret))


@require_POST
def close(request: AgentRequest) -> HttpResponse:
    """Closes the address."""
    actions.close_feed(request.agent, http=request)
    messages.success(request, _("L’adresse est fermée : votre agenda ne recevra plus rien."))
    return HttpResponseRedirect(reverse("leave:agenda"), status=303)


@public
@require_safe
def feed(request: AgentRequest, secret: str) -> HttpResponse:
    """The calendar itself, for whoever holds the secret: dates of absence only."""
    agent = agent_of_feed(secret)
    if agent is None:
        raise Http404
    response = HttpResponse(feed_of(agent), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    response["Content-Disposition"] = 'attachment; filename="absences.ics"'
    return response


def _page(request: AgentRequest, address: str) -> HttpResponse:
    opened = CalendarFeed.objects.filter(agent=request.agent).first()
    return render(request, "leave/agenda.html", {"opened": opened, "address": address})
