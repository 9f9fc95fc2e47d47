"""The compte épargne-temps of an agent: open it, feed it, choose for the days above the threshold."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.cases.idempotency import new_form_token, once
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.access import saving_of, savings_of
from nomade.leave.actions import savings
from nomade.leave.saving_forms import ChoiceForm, SavingForm
from nomade.leave.savings import Account, account_of
from nomade.people.http import AgentRequest

SHOWN = 20


@require_safe
def page(request: AgentRequest) -> HttpResponse:
    """The account, its movements, what one may do with it and why not more."""
    return _page(request, account_of(request.agent))


def _page(
    request: AgentRequest,
    account: Account,
    *,
    saving: SavingForm | None = None,
    choosing: ChoiceForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "account": account,
        "closed_to_me": savings.opening_refusal(account),
        "saving": saving or SavingForm(account.sources, initial={"form_token": new_form_token()}),
        "choosing": choosing or (ChoiceForm(account.choice) if account.choice else None),
        "asked": list(savings_of(request.agent)[:SHOWN]),
        "refusal": refusal,
    }
    return render(request, "leave/account.html", context, status=status)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("leave:account"), status=303)


@require_POST
def open_account(request: AgentRequest) -> HttpResponse:
    """Opens one's account."""
    try:
        savings.open_account(request.agent, http=request)
    except Refusal as refusal:
        return _page(request, account_of(request.agent), refusal=refusal, status=422)
    messages.success(request, _("Votre compte épargne-temps est ouvert."))
    return _back()


@require_POST
def save_days(request: AgentRequest) -> HttpResponse:
    """Asks to save days."""
    account = account_of(request.agent)
    form = SavingForm(account.sources, request.POST)
    if not form.is_valid():
        return _page(request, account, saving=form, status=422)
    try:
        once(
            request.agent,
            token=form.cleaned_data["form_token"],
            form="leave.saving",
            content=form.amounts,
            action=lambda: str(savings.ask_saving(request.agent, form.amounts, http=request).pk),
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, account, saving=form, status=422)
    messages.success(request, _("Votre demande est envoyée au service RH. Vous serez prévenu de la réponse."))
    return _back()


@require_POST
def withdraw(request: AgentRequest, saving_id: uuid.UUID) -> HttpResponse:
    """Gives up a request that waits."""
    saving = saving_of(request.agent, saving_id)
    try:
        savings.withdraw_saving(saving, http=request)
    except Refusal as refusal:
        return _page(request, account_of(request.agent), refusal=refusal, status=409)
    messages.success(request, _("Votre demande de versement est retirée."))
    return _back()


@require_POST
def choose(request: AgentRequest) -> HttpResponse:
    """Chooses what becomes of the days above the threshold."""
    account = account_of(request.agent)
    form = ChoiceForm(account.choice, request.POST) if account.choice else None
    if form is not None and not form.is_valid():
        return _page(request, account, choosing=form, status=422)
    try:
        option, shares = (form.cleaned_data["option"], form.shares()) if form else ("", {})
        savings.choose_option(request.agent, option, http=request, **shares)
    except Refusal as refusal:
        if form is None:
            return _page(request, account, refusal=refusal, status=422)
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, account, choosing=form, status=422)
    messages.success(request, _("Votre choix est enregistré. Vous pouvez le changer jusqu’à la date limite."))
    return _back()
