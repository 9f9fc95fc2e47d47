"""For supervisors and the HR office: a card of codes for an agent, its hand-over, a code for a lost password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.factors import actions, paper, recovery, team
from nomade.accounts.factors.access import means_of
from nomade.accounts.factors.gate import needs_factor_outside
from nomade.accounts.factors.stepup import gives_a_file, step_up_required
from nomade.accounts.models import Card
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

MOST_SHOWN = 20


@needs_factor_outside
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Finds an agent to help. A page of 404 for who helps nobody."""
    text = request.GET.get("q", "").strip()[:80]
    found = list(team.helped_by(request.agent, text)[: MOST_SHOWN + 1])
    if not found and not team.may_help_anybody(request.agent):
        raise Http404
    context = {"agents": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN, "text": text}
    return render(request, "accounts/factors/team.html", context)


@needs_factor_outside
@never_cache
@require_safe
def person(request: AgentRequest, agent_id: int) -> HttpResponse:
    """What one agent has, in words, and what can be done for them."""
    account = team.account_to_help(request.agent, agent_id)
    waiting = Card.objects.filter(account=account, active_from__isnull=True).select_related("made_by").first()
    context = {"helped": account.agent, "means": means_of(account), "waiting": waiting, "code": ""}
    return render(request, "accounts/factors/person.html", context)


@gives_a_file(then="accounts:help-person")
@needs_factor_outside
@require_POST
@step_up_required
def make_card(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Prints a card; it opens nothing before its hand-over is recorded."""
    account = team.account_to_help(request.agent, agent_id)
    team.check_may_help(account)
    _card, printed = actions.make_card(account, request.agent, request=request)
    messages.success(request, _("La carte est faite\u00a0: imprimez-la, remettez-la, puis enregistrez sa remise ici."))
    return paper.as_download(paper.write_card(account, printed), account)


@needs_factor_outside
@require_POST
@step_up_required
def hand_over(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The card is in its owner's hands."""
    account = team.account_to_help(request.agent, agent_id)
    team.check_may_help(account)
    card = Card.objects.filter(account=account, active_from__isnull=True).select_related("account__agent").first()
    if card is None:
        raise Http404
    actions.hand_card_over(card, request.agent, request=request)
    messages.success(request, _("La remise est enregistrée\u00a0: la carte sert dès maintenant."))
    return redirect("accounts:help-person", agent_id)


@needs_factor_outside
@never_cache
@require_POST
@step_up_required
def give_code(request: AgentRequest, agent_id: int) -> HttpResponse:
    """A code to read to an agent whose password is lost; shown once."""
    account = team.account_to_help(request.agent, agent_id)
    team.check_may_help(account)
    if not settings.NOMADE.self_recovery:
        raise Http404
    code = recovery.give_code(account, request.agent, request=request)
    waiting = Card.objects.filter(account=account, active_from__isnull=True).select_related("made_by").first()
    context = {"helped": account.agent, "means": means_of(account), "waiting": waiting, "code": code}
    return render(request, "accounts/factors/person.html", context)
