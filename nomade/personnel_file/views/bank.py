"""The bank account, for its owner."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts.factors.stepup import ask_proof_of
from nomade.accounts.models import Account
from nomade.cases.timeline import steps_of
from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.personnel_file.actions import bank
from nomade.personnel_file.bank_facts import (
    account_of,
    bank_of,
    change_of,
    changes_of,
    closed_until,
    digest_of,
    iban_of,
    is_bound_to,
    shown,
)
from nomade.personnel_file.forms.bank import BankForm
from nomade.personnel_file.models import BankChange
from nomade.personnel_file.rules.iban import bare, grouped, groups, masked


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """The account of today, the change under way, and the form of a new one."""
    if request.method != "POST":
        return _form(request, BankForm(initial={"holder": request.agent.full_name}))
    form = BankForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    data = form.cleaned_data
    try:
        change = bank.prepare(cast(Account, request.user), data["iban"], data["holder"], data["rib"][0])
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _form(request, form, status=422)
    return HttpResponseRedirect(reverse("personnel_file:bank-confirm", args=[change.pk]), status=303)


def _form(request: AgentRequest, form: BankForm, *, status: int = 200) -> HttpResponse:
    suspects = getattr(form.fields["iban"], "suspects", ())
    typed = groups(bare(form.data.get("iban", ""))) if suspects else []
    accounts = bank_of(request.agent)
    context = {
        "form": form,
        "account": accounts.known,
        "open": accounts.under_way,
        "past": list(changes_of(request.agent)[:10]),
        "closed": closed_until(cast(Account, request.user)),
        "groups": typed,
        "suspects": suspects,
    }
    return render(request, "personnel_file/bank.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """Shows the IBAN once, whole, and binds the proof of identity to it."""
    change = change_of(request.agent, change_id)
    if change.confirmed_at is not None:
        return HttpResponseRedirect(reverse("personnel_file:bank-change", args=[change.pk]), status=303)
    if request.method != "POST":
        return _confirm(request, change)
    if not is_bound_to(change, request.POST.get("empreinte", "")):
        return _confirm(request, change, refusal=_("Cette page n’est plus celle de ce compte : relisez l’IBAN."))
    purpose = _("Verser votre paie au compte %(iban)s") % {"iban": masked(iban_of(change))}
    asked = ask_proof_of(request, purpose, after=change.submitted_at)
    if asked is not None:
        return asked
    try:
        bank.confirm(change, cast(Account, request.user), http=request)
    except Refusal as refusal:
        return _confirm(request, change, refusal=refusal.message)
    messages.success(request, _("Demande confirmée. Vous pouvez annuler tant que la paie n’a pas vérifié."))
    return HttpResponseRedirect(reverse("personnel_file:bank-change", args=[change.pk]), status=303)


def _confirm(request: AgentRequest, change: BankChange, *, refusal: str = "") -> HttpResponse:
    context = {"change": change, "iban": grouped(iban_of(change)), "digest": digest_of(change), "refusal": refusal}
    response = render(request, "personnel_file/bank_confirm.html", context, status=422 if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def page(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """Where a change stands, and the button that stops it."""
    change = change_of(request.agent, change_id)
    if change.confirmed_at is None:
        return HttpResponseRedirect(reverse("personnel_file:bank-confirm", args=[change.pk]))
    context = {
        "change": change,
        "shown": shown(change),
        "account": account_of(request.agent),
        "steps": steps_of(bank.CASE, change.pk, bank.STEPS),
    }
    return render(request, "personnel_file/bank_change.html", context)


@require_POST
def cancel(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """Stops a change, from any device: no proof is asked to keep the account of before."""
    change = change_of(request.agent, change_id)
    try:
        bank.cancel(change, by=request.agent, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Changement annulé : votre paie reste versée au compte d’avant."))
    return HttpResponseRedirect(reverse("personnel_file:bank"), status=303)


@require_safe
def piece(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """One's own RIB."""
    return serve_rib(request, change_of(request.agent, change_id))


def serve_rib(request: AgentRequest, change: BankChange) -> HttpResponse:
    """The RIB of a change that this reader may open; the journal says so."""
    if change.piece is None:
        raise Http404
    content = store.read(change.piece)
    audit.record(
        "bank.rib_opened",
        actor=request.agent.pk,
        subject=change.owner_id,
        request=request,
        reference=change.reference,
    )
    return attachment(content, name=change.piece.name, content_type=change.piece.content_type)
