"""On the portal, for who is signed in: where a ticket stands, the supervisor's word, the code, what one may stop."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.clock import now
from nomade.kernel.hosts import absolute_url
from nomade.kernel.http import Zone
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.support import access
from nomade.support.actions import acts, identity
from nomade.support.models import IdentityCheck
from nomade.support.queries import acts_done_alone, acts_to_come_alone
from nomade.support.views.gates import tickets_kept_here
from nomade.support.wording import contacts, opening_in_words


@tickets_kept_here
@require_safe
def ticket(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Leads to the ticket on the support host; from outside, says where it stands and where it may be read."""
    found, _handles = access.ticket_for(request.agent, ticket_id)
    if request.zone is Zone.PROFESSIONAL:
        return HttpResponseRedirect(absolute_url("support", "desk:ticket", found.pk))
    context = {
        "ticket": found,
        "contacts": contacts(),
        "opening": opening_in_words(),
    }
    return render(request, "support/ticket_outside.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """« Est-ce bien Hugo qui a appelé ? »: the supervisor answers in their own session."""
    check = access.confirmation_asked_of(request.agent, check_id)
    if request.method == "POST":
        says = request.POST.get("reponse", "")
        if says not in ("oui", "non"):
            return _confirmation_page(request, check, status=422, wrong=True)
        identity.confirm(check, by=request.agent, says=says == "oui", http=request)
        done = _("Merci. Le support en est prévenu.")
        messages.success(request, done)
        return HttpResponseRedirect(request.path, status=303)
    return _confirmation_page(request, check)


def _confirmation_page(
    request: AgentRequest, check: IdentityCheck, *, status: int = 200, wrong: bool = False
) -> HttpResponse:
    context = {
        "check": check,
        "confirmed": check.proofs.filter(kind="supervisor").exists(),
        "open": check.refused_at is None and identity.supervisor_may_answer(check),
        "minutes": settings.NOMADE.support_confirmation_minutes,
        "wrong": wrong,
    }
    return render(request, "support/confirmation.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: AgentRequest) -> HttpResponse:
    """The code that an agent reads to the technician, shown once in an open session."""
    shown = identity.new_session_code(request.agent, http=request) if request.method == "POST" else ""
    context = {"code": shown, "minutes": settings.NOMADE.support_code_minutes, "contacts": contacts()}
    return render(request, "support/code.html", context)


@require_safe
def delayed(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """What a technician will do alone, once the delay is over."""
    check = _delayed(request, check_id)
    going_on = check.refused_at is None and not check.acts.exists()
    return render(request, "support/delayed.html", {"check": check, "going_on": going_on})


@require_POST
def stop(request: AgentRequest, check_id: uuid.UUID) -> HttpResponse:
    """The agent, or the authority, says no."""
    check = _delayed(request, check_id)
    acts.stop(check, by=request.agent, http=request)
    messages.success(request, _("C’est arrêté : le support ne fera rien sur ce compte."))
    return HttpResponseRedirect(check.authority_url(), status=303)


def _delayed(request: AgentRequest, check_id: uuid.UUID) -> IdentityCheck:
    check = (
        IdentityCheck.objects.filter(pk=check_id, waits_until__isnull=False)
        .select_related("agent", "technician")
        .first()
    )
    if check is None or (check.agent_id != request.agent.pk and not access.is_authority(request.agent)):
        raise Http404
    return check


@require_safe
def delayed_list(request: AgentRequest) -> HttpResponse:
    """What technicians will do alone, and did in the last twelve months, for the authority."""
    if not access.is_authority(request.agent):
        raise Http404
    moment = now()
    done = acts_done_alone(moment.replace(year=moment.year - 1, day=1), moment)
    context = {"acts": list(done[:500]), "coming": list(acts_to_come_alone(moment)[:50])}
    return render(request, "support/delayed_list.html", context)
