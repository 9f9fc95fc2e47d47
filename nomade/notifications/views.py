"""The notifications page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.hosts import origin
from nomade.kernel.pages import render
from nomade.notifications import actions
from nomade.notifications.access import notifications_of
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


@require_POST
def read_all(request: AgentRequest) -> HttpResponse:
    """Marks everything as read."""
    actions.mark_all_read(request.agent)
    messages.success(request, _("Toutes vos notifications sont marquées comme lues."))
    return HttpResponseRedirect(reverse("notifications:index"), status=303)
