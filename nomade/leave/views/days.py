"""Moving a day off once, for somebody of one's team or perimeter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import agent_to_enter_for
from nomade.leave.forms import MoveDayForm
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The form, then the exchange."""
    agent = agent_to_enter_for(request.agent, agent_id)
    form = MoveDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.move_day(agent, told["off"], told["worked"], by=request.agent, reason=told["reason"], http=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Le jour est déplacé, et l’agent en est prévenu."))
            return HttpResponseRedirect(reverse("leave:team"), status=303)
    status = 422 if request.method == "POST" else 200
    return render(request, "leave/move_day.html", {"agent": agent, "form": form}, status=status)
