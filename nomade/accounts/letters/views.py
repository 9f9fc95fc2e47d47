"""« Premières connexions »: whom the HR office still has to bring to the portal, and their letters."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.actions import open_account
from nomade.accounts.directories.passwords import refuse_if_kept_there
from nomade.accounts.letters.access import Waiting, newcomer_for, newcomers_of, units_to_choose, waiting
from nomade.accounts.letters.making import print_one
from nomade.accounts.passwords import provisional
from nomade.kernel.clock import now
from nomade.kernel.pages import render
from nomade.people.access import has_role
from nomade.people.http import AgentRequest
from nomade.people.roles import Role

A_PAGE = 50
LABELS = {
    Waiting.NO_LETTER: gettext_lazy("Sans lettre"),
    Waiting.PRINTED: gettext_lazy("Lettre imprimée, remise non enregistrée"),
    Waiting.HANDED_OVER: gettext_lazy("Lettre remise"),
    Waiting.SPENT: gettext_lazy("Lettre à refaire"),
}


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Those of the perimeter who have never opened the portal."""
    if not has_role(request.agent, Role.HR_OFFICER):
        raise Http404
    state = request.GET.get("etat", "")
    units = list(units_to_choose(request.agent))
    unit = next((one for one in units if one.code == request.GET.get("unite")), None)
    text = request.GET.get("q", "").strip()
    chosen = Waiting(state) if state in set(Waiting) else None
    found = waiting(newcomers_of(request.agent), chosen, text, unit)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "states": LABELS.items(),
        "state": chosen,
        "units": units,
        "unit": unit,
        "text": text,
        "query": query.urlencode(),
        "now": now(),
    }
    return render(request, "accounts/newcomers.html", context)


@never_cache
@require_POST
def print_letter(request: AgentRequest, matricule: str) -> HttpResponse:
    """A new letter: the code changes each time, and the former letter opens nothing any more."""
    agent = newcomer_for(request.agent, matricule)
    account = open_account(agent)
    refuse_if_kept_there(account)
    made = print_one(account, actor=request.agent.pk, handed_over=False)
    said = _("La lettre de %(name)s est faite\u00a0: imprimez-la, puis dites ici quand elle est remise.")
    messages.success(request, said % {"name": agent.full_name})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="lettre-{agent.matricule}.pdf"'
    return response


@require_POST
def hand_over(request: AgentRequest, matricule: str) -> HttpResponse:
    """The letter is in the agent's hands: its days are counted from now."""
    agent = newcomer_for(request.agent, matricule)
    given = getattr(getattr(agent, "account", None), "provisional", None)
    if given is None:
        raise Http404
    provisional.record_hand_over(given, by=request.agent.pk)
    messages.success(request, _("La remise à %(name)s est enregistrée.") % {"name": agent.full_name})
    return redirect("accounts:newcomers")
