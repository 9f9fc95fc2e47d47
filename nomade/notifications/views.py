"""The notifications page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.hosts import origin
from nomade.kernel.pages import render
from nomade.notifications import actions
from nomade.notifications.access import (
    latest_unread,
    notifications_of,
    preferences_of,
    rhythm_of,
    unread_count,
)
from nomade.notifications.email import notification_of_link
from nomade.notifications.forms import PreferencesForm
from nomade.people.http import AgentRequest

PAGE = 30


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The agent's notifications, newest first."""
    page = Paginator(notifications_of(request.agent), PAGE).get_page(request.GET.get("page"))
    unread = sum(notification.read_at is None for notification in page)
    return render(request, "notifications/index.html", {"page": page, "unread_here": unread})


@require_POST
def open_one(request: AgentRequest, notification: uuid.UUID) -> HttpResponse:
    """Marks a notification as read and goes where it leads."""
    found = actions.mark_read(request.agent, notification)
    if found is None:
        raise Http404
    # Notifications lead to the portal, whichever host shows them.
    address = found.url if request.host_role == "portal" else origin("portal") + found.url
    return HttpResponseRedirect(address, status=303)


@require_safe
def follow(request: AgentRequest, token: str) -> HttpResponse:
    """The link of an e-mail, once signed in: goes where one reads, then acts by a button. Changes nothing."""
    found = notification_of_link(request.agent, token)
    if found is None:
        messages.error(request, _("Ce lien est trop ancien, ou pour quelqu’un d’autre. Voici vos notifications."))
        return HttpResponseRedirect(reverse("notifications:index"))
    return HttpResponseRedirect(found.url if request.host_role == "portal" else origin("portal") + found.url)


@require_POST
def read_all(request: AgentRequest) -> HttpResponse:
    """Marks everything as read."""
    actions.mark_all_read(request.agent)
    messages.success(request, _("Toutes vos notifications sont marquées comme lues."))
    return HttpResponseRedirect(reverse("notifications:index"), status=303)


@require_safe
def count(request: AgentRequest) -> HttpResponse:
    """What the bell asks each minute; marked `X-Background`, it does not prolong the session."""
    number = unread_count(request.agent)
    latest = latest_unread(request.agent) if number else None
    answer = JsonResponse({"unread": number, "latest": latest.title if latest else ""})
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: AgentRequest) -> HttpResponse:
    """How one wants to be written to."""
    typed = request.POST if request.method == "POST" else None
    form = PreferencesForm(typed, chosen=preferences_of(request.agent), rhythm=rhythm_of(request.agent))
    if request.method == "POST" and form.is_valid():
        spares = form.cleaned_data["spares_absences"]
        actions.choose(request.agent, form.deliveries(), form.rest(), spares_absences=spares)
        messages.success(request, _("Vos choix sont enregistrés."))
        return HttpResponseRedirect(reverse("notifications:preferences"), status=303)
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.errors else 200)
