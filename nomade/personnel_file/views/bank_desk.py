"""Changes of account, for the pay office."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.cases.models import CaseState
from nomade.cases.timeline import steps_of
from nomade.files.http import attachment
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import has_role
from nomade.people.http import AgentRequest
from nomade.people.roles import Role
from nomade.personnel_file.actions import bank
from nomade.personnel_file.bank_facts import (
    account_of,
    desk_change,
    desk_changes,
    exports_of,
    number_to_call,
    shown,
    to_give,
)
from nomade.personnel_file.forms.bank import CheckForm
from nomade.personnel_file.models import BankChange
from nomade.personnel_file.reading import inscribe
from nomade.personnel_file.rules.matrix import Section
from nomade.personnel_file.views.bank import serve_rib

View = Callable[..., HttpResponse]


def pay_officers_only(view: View) -> View:
    """A view of the pay office; for everybody else it does not exist."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.agent, Role.PAY_OFFICER):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@pay_officers_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What may be checked, what the agent may still cancel, what payroll does not know yet."""
    waiting = list(desk_changes(request.agent).filter(state=CaseState.SUBMITTED)[:100])
    context = {
        "ready": [one for one in waiting if not one.is_cooling(now())],
        "cooling": [one for one in waiting if one.is_cooling(now())],
        "to_give": to_give(request.agent).count(),
        "exports": list(exports_of(request.agent)[:12]),
    }
    return render(request, "personnel_file/bank_desk.html", context)


@pay_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def check(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """One change: the RIB to read, the IBAN to type again."""
    change = desk_change(request.agent, change_id)
    form = CheckForm()
    if request.method == "POST":
        form = CheckForm(request.POST)
        if form.is_valid():
            try:
                messages.success(request, _act(request, change, form))
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
                change = desk_change(request.agent, change_id)
            else:
                return HttpResponseRedirect(reverse("personnel_file:bank-desk"), status=303)
    if request.method != "POST":
        inscribe(request.agent, change.owner, role=Role.PAY_OFFICER, sections=[Section.BANK], http=request)
    context = {
        "change": change,
        "form": form,
        "shown": shown(change),
        "account": account_of(change.owner),
        "call": number_to_call(change.owner),
        "steps": steps_of(bank.CASE, change.pk, bank.STEPS),
        "officers": settings.NOMADE.file_bank_officers,
        "mine": change.first_officer_id == request.agent.pk,
    }
    return render(request, "personnel_file/bank_check.html", context, status=422 if form.errors else 200)


def _act(request: AgentRequest, change: BankChange, form: CheckForm) -> str:
    data = form.cleaned_data
    if data["decision"] == "refuse":
        bank.refuse(change, reason=data["reason"], by=request.agent, version=data["version"], http=request)
        return _("Changement refusé : l’agent lira le motif.")
    bank.check(change, typed=data["typed"], by=request.agent, version=data["version"], http=request)
    return _("Vérification enregistrée.")


@pay_officers_only
@require_safe
def piece(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """The RIB."""
    change = desk_change(request.agent, change_id)
    answer = serve_rib(request, change)
    inscribe(request.agent, change.owner, role=Role.PAY_OFFICER, sections=[Section.PIECE], http=request)
    return answer


@pay_officers_only
@require_POST
@step_up_required
def give(request: AgentRequest) -> HttpResponse:
    """Makes the file for payroll."""
    try:
        export = bank.give_to_payroll(to_give(request.agent), by=request.agent, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Fichier %(number)s prêt à télécharger.") % {"number": export})
    return HttpResponseRedirect(reverse("personnel_file:bank-desk"), status=303)


@pay_officers_only
@require_safe
@step_up_required
def export_file(request: AgentRequest, number: int) -> HttpResponse:
    """The file, for who made it."""
    export = get_object_or_404(exports_of(request.agent), number=number)
    audit.record("bank.export_opened", actor=request.agent.pk, subject=None, request=request, export=str(export))
    return attachment(bank.payroll_file(export), name=f"{export}.csv", content_type="text/csv; charset=utf-8")
