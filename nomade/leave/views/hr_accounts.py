"""Leave, for HR: what agents ask to save on their compte épargne-temps, and who must choose."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.actions.requests import AlreadyHandled
from nomade.leave.actions.savings import decide_saving
from nomade.leave.facts import current_law
from nomade.leave.hr_access import accounts_above, hr_only, saving_managed, savings_managed
from nomade.leave.rules.cet import HALVES_IN_DAY, choice_year
from nomade.leave.saving_forms import SavingDecisionForm
from nomade.people.http import AgentRequest

SHOWN = 50


@require_safe
@hr_only
def index(request: AgentRequest) -> HttpResponse:
    """What waits, what was decided, and the accounts above the threshold with the choice made."""
    return _page(request)


def _page(request: AgentRequest, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    law, day = current_law(), today()
    managed = savings_managed(request.agent)
    year, threshold = choice_year(day, law), law.number("cet.threshold", day) * HALVES_IN_DAY
    deliberated = law.text("cet.options", day) == "yes"
    context = {
        "waiting": list(managed.filter(state=CaseState.SUBMITTED).order_by("submitted_at")[:SHOWN]),
        "decided": list(managed.exclude(state=CaseState.SUBMITTED).order_by("-submitted_at")[:SHOWN]),
        "year": year,
        "threshold": threshold,
        "above": accounts_above(request.agent, threshold, year)[:SHOWN] if deliberated else [],
        "deliberated": deliberated,
        "refusal": refusal,
    }
    return render(request, "leave/hr/accounts.html", context, status=status)


@require_POST
@hr_only
def decide(request: AgentRequest, saving_id: uuid.UUID) -> HttpResponse:
    """Accepts or refuses what an agent asks to save."""
    saving = saving_managed(request.agent, saving_id)
    form = SavingDecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, refusal=Refusal(_("Le formulaire est incomplet. Rechargez la page.")), status=422)
    accept = form.cleaned_data["decision"] == "accept"
    try:
        decide_saving(saving, by=request.agent, accept=accept, reason=form.cleaned_data["reason"], http=request)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, AlreadyHandled) else 422
        return _page(request, refusal=refusal, status=status)
    messages.success(request, _("Les jours sont versés sur le CET.") if accept else _("Le versement est refusé."))
    return HttpResponseRedirect(reverse("leave:hr-accounts"), status=303)
