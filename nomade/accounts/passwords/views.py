"""Choosing a password: the first time, and later; with help while one types."""

from __future__ import annotations

from typing import cast

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
from nomade.accounts.passwords.forms import ChangePasswordForm, FirstPasswordForm
from nomade.accounts.passwords.lists import five_words_for
from nomade.accounts.passwords.proposing import help_as_one_types, propose, show
from nomade.accounts.passwords.renewal import is_due, opens_with_an_old_password
from nomade.accounts.sessions import SessionStore
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


@first_step("password")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: AgentRequest) -> HttpResponse:
    """Replaces a provisional password by one's own."""
    account = cast(Account, request.user)
    template, context = "accounts/first_sign_in.html", first_steps.progress(request, account)
    if "proposer" in request.POST:
        return propose(request, template, FirstPasswordForm(account=account, proposal=five_words_for(account)), context)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        actions.choose_password(request, account, form.cleaned_data["password"])
        messages.success(request, _("Votre mot de passe est enregistré. Bienvenue."))
        return redirect(actions.leave_first_steps(request, account))
    if form.has_error("birth_date", "wrong_birth_date") and provisional.count_failure(account):
        actions.sign_out(request)
        return render(request, "accounts/letter_void.html", status=422)
    return show(request, template, form, context)


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
        return propose(
            request, template, ChangePasswordForm(account=account, proposal=five_words_for(account)), context
        )
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        actions.choose_password(request, account, form.cleaned_data["password"])
        messages.success(request, _("Votre mot de passe est changé. Vos autres appareils sont déconnectés."))
        return redirect("accounts:account")
    return show(request, template, form, context)


@provisional_password_allowed
@never_cache
@sensitive_post_parameters()
@require_POST
def check(request: AgentRequest) -> HttpResponse:
    """Says what is missing from what is being typed."""
    return help_as_one_types(request, cast(Account, request.user))
