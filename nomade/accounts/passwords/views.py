"""Choosing a password: the first time, and later; with help while one types."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nomade.accounts import actions, first_steps
from nomade.accounts.directories.changing import change_in_directory
from nomade.accounts.directories.passwords import owned_by_directory
from nomade.accounts.factors.stepup import step_up_required
from nomade.accounts.first_steps import first_step, provisional_password_allowed
from nomade.accounts.models import Account
from nomade.accounts.passwords import provisional
from nomade.accounts.passwords.checking import help_for
from nomade.accounts.passwords.forms import ChangePasswordForm, ChoosePasswordForm, FirstPasswordForm
from nomade.accounts.passwords.lists import five_words
from nomade.accounts.passwords.renewal import is_due, opens_with_an_old_password
from nomade.accounts.sessions import SessionStore
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

CHOICE = "choice"


@first_step("password")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: AgentRequest) -> HttpResponse:
    """Replaces a provisional password by one's own."""
    account = cast(Account, request.user)
    template, context = "accounts/first_sign_in.html", first_steps.progress(request, account)
    if "proposer" in request.POST:
        return _propose(request, template, FirstPasswordForm(account=account, proposal=five_words()), context)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        actions.choose_password(request, account, form.cleaned_data["password"])
        messages.success(request, _("Votre mot de passe est enregistré. Bienvenue."))
        return redirect(actions.leave_first_steps(request, account))
    if form.has_error("birth_date", "wrong_birth_date") and provisional.count_failure(account):
        actions.sign_out(request)
        return render(request, "accounts/letter_void.html", status=422)
    return _show(request, template, form, context)


@opens_with_an_old_password
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def change(request: AgentRequest) -> HttpResponse:
    """Changes the password; every other session ends."""
    account = cast(Account, request.user)
    if owned_by_directory(account):
        return change_in_directory(request, account)
    template, row = "accounts/security.html", cast(SessionStore, request.session).row
    context = {"too_old": row is not None and is_due(account, row), "years": settings.NOMADE.password_privileged_years}
    if "proposer" in request.POST:
        return _propose(request, template, ChangePasswordForm(account=account, proposal=five_words()), context)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        actions.choose_password(request, account, form.cleaned_data["password"])
        messages.success(request, _("Votre mot de passe est changé. Vos autres appareils sont déconnectés."))
        return redirect("accounts:account")
    return _show(request, template, form, context)


@provisional_password_allowed
@never_cache
@sensitive_post_parameters()
@require_POST
def check(request: AgentRequest) -> HttpResponse:
    """Says what is missing from what is being typed; keeps nothing and gives nothing of it back."""
    found = help_for(request.POST.get("password", ""), cast(Account, request.user))
    return render(request, "accounts/_password_help.html", {"help": found, "said": True})


def _show(request: AgentRequest, template: str, form: ChoosePasswordForm, context: dict[str, Any]) -> HttpResponse:
    # What was typed is never sent back: the help starts again from nothing.
    shown = {**context, "form": form, "proposal": "", "help": help_for("", form.account)}
    return render(request, template, shown, status=422 if form.errors else 200)


def _propose(request: AgentRequest, template: str, form: ChoosePasswordForm, context: dict[str, Any]) -> HttpResponse:
    """Five words drawn here, shown once, already written in both fields."""
    shown = {**context, "form": form, "proposal": form.proposal, "help": help_for(form.proposal, form.account)}
    shown["replaces"] = is_fragment(request)  # what was said of the former words goes with them
    return render(request, template, shown, block=CHOICE)
