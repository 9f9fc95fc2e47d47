"""Leave, for HR: the exact kind of a health absence."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.kernel.pages import render
from nomade.leave.access import request_for
from nomade.leave.actions.health import read_health, write_health
from nomade.leave.hr_forms import HealthForm
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
def health(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """What the arrêt is, for HR of the perimeter; for anybody else there is no such page."""
    leave = request_for(request.agent, request_id)
    facts = read_health(leave, by=request.agent, http=request)
    form = HealthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        write_health(
            leave,
            chosen["kind"],
            issued_on=chosen["issued_on"],
            received_on=chosen["received_on"],
            by=request.agent,
            http=request,
        )
        messages.success(request, _("La nature du congé est enregistrée, chiffrée."))
        return HttpResponseRedirect(reverse("leave:hr-health", args=[leave.pk]), status=303)
    context = {"leave": leave, "facts": facts, "form": form}
    return render(request, "leave/hr/health.html", context, status=422 if form.errors else 200)
