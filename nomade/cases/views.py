"""Drafts, kept as one types."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from nomade.cases.drafts import discard_draft, save_draft
from nomade.kernel.clock import PARIS
from nomade.kernel.errors import Refusal
from nomade.people.http import AgentRequest


@require_POST
def keep_draft(request: AgentRequest, form: str) -> HttpResponse:
    """Keeps the fields of a form; answers the time shown beside it."""
    try:
        moment = save_draft(request.agent, form, {name: request.POST.getlist(name) for name in request.POST})
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"saved_at": moment.astimezone(PARIS).strftime("%-H:%M")})


@require_POST
def drop_draft(request: AgentRequest, form: str) -> HttpResponse:
    """Forgets a draft and goes back to the form."""
    discard_draft(request.agent, form)
    back = request.POST.get("suite", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if safe else "/", status=303)
