"""What an open page asks by itself: a ticket to listen, and the news of the inbox. Neither prolongs the session."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nomade.mail.access import mailbox_required
from nomade.mail.live import tickets
from nomade.mail.reading import snapshot
from nomade.people.http import AgentRequest

PATIENCE_SECONDS = 1.0


@require_safe
@never_cache
@mailbox_required
def ticket(request: AgentRequest) -> HttpResponse:
    """Where to listen for new mail; an empty address when this installation pushes nothing."""
    return JsonResponse({"url": tickets.address(request.agent, request.get_host().partition(":")[0])})


@require_safe
@never_cache
@mailbox_required
def news(request: AgentRequest) -> HttpResponse:
    """How many messages are unread, and the latest one."""
    if request.GET.get("nouveau"):
        snapshot.forget(request.agent)
    known = snapshot.of(request.agent, patience=PATIENCE_SECONDS)
    if known is None:
        return JsonResponse({"unread": None, "sender": "", "subject": ""})
    latest = next((each for each in known.latest if not each.seen), None)
    sender = latest.sender.label if latest and latest.sender else ""
    return JsonResponse({"unread": known.unread, "sender": sender, "subject": latest.subject if latest else ""})
