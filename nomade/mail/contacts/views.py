"""People to write to."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from nomade.mail.access import mailbox_required
from nomade.mail.contacts import finding
from nomade.people.http import AgentRequest


@require_safe
@mailbox_required
def people(request: AgentRequest) -> HttpResponse:
    """Whom a few letters may mean (`q`), or what is to be known of people already named (`adresses`)."""
    typed = request.GET.get("adresses", "")[:2000]
    asked = request.GET.get("q", "")[:100]
    found = finding.about(request.agent, typed) if typed else finding.find(request.agent, asked)
    return JsonResponse({"people": [asdict(line) for line in found]})
