"""The agent's own factors: made, named, taken away; and the step of the first sign-in where one is chosen."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import TypeVar, cast

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts import first_steps
from nomade.accounts.actions import leave_first_steps
from nomade.accounts.factors import actions, paper, totp
from nomade.accounts.factors.access import factors_of, means_of
from nomade.accounts.factors.forms import AuthenticatorForm, PasskeyNameForm
from nomade.accounts.factors.gate import Stage, grace_end, passkey_required
from nomade.accounts.factors.stepup import gives_a_file, step_up_required
from nomade.accounts.first_steps import first_step, provisional_password_allowed
from nomade.accounts.models import Account
from nomade.accounts.sessions import SessionStore
from nomade.kernel.encryption import DecryptionFailed, seal, unseal
from nomade.kernel.errors import Refusal
from nomade.kernel.http import PortalRequest
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
WAITING_SECRET = "_authenticator"  # noqa: S105  # the name of a place in the session


def opens_without_factor(view: View) -> View:
    """Marks what is open to an agent who must make a second factor before anything else; newcomers included."""
    view.opens_without_factor = True  # type: ignore[attr-defined]
    return provisional_password_allowed(view)


def _on_the_portal(request: HttpRequest) -> None:
    """Passkeys are bound to the portal's own address."""
    if cast(PortalRequest, request).host_role != "portal":
        raise Http404


def _after(request: HttpRequest, account: Account, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    if account.first_steps_pending:
        return redirect(leave_first_steps(request, account))
    return redirect("accounts:factors")


@opens_without_factor
@never_cache
@require_safe
def factors(request: AgentRequest) -> HttpResponse:
    """« Vérification en deux étapes »: what protects the account, and what could."""
    account = cast(Account, request.user)
    access = request.access  # type: ignore[attr-defined]
    row = cast(SessionStore, request.session).row
    context = {
        "mine": factors_of(account),
        "must": access.stage is Stage.ENROL,
        "access": access,
        "passkey_only": row is not None and passkey_required(privileged=row.privileged),
    }
    return render(request, "accounts/factors/index.html", context)


@first_step("factor")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_step(request: AgentRequest) -> HttpResponse:
    """Step of the first sign-in: how to prove, from home, that it is really you. It can wait a few days."""
    account = cast(Account, request.user)
    access = request.access  # type: ignore[attr-defined]
    if request.method == "POST" and access.stage is not Stage.ENROL:
        actions.postpone(request, account)
        return redirect(leave_first_steps(request, account))
    row = cast(SessionStore, request.session).row
    only = row is not None and passkey_required(privileged=row.privileged)
    context = {
        "access": access,
        "passkey_only": only,
        "until": grace_end(account),
        **first_steps.progress(request, account),
    }
    return render(request, "accounts/factors/step.html", context)


@opens_without_factor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def add_passkey(request: AgentRequest) -> HttpResponse:
    """Makes a passkey with the device that is here."""
    _on_the_portal(request)
    account = cast(Account, request.user)
    form = PasskeyNameForm(request.POST or None, initial={"name": paper.suggested_name(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_passkey(request, account, request.POST.get("credential", ""), form.cleaned_data["name"])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return _after(
                request, account, _("Votre clé d’accès est enregistrée\u00a0: elle suffit pour vous connecter.")
            )
    return render(request, "accounts/factors/passkey.html", {"form": form}, status=422 if form.errors else 200)


@opens_without_factor
@never_cache
@require_POST
@step_up_required
def passkey_creation(request: AgentRequest) -> HttpResponse:
    """The challenge for a new passkey."""
    _on_the_portal(request)
    return JsonResponse(actions.passkey_to_create(cast(Account, request.user)))


@require_POST
@step_up_required
def remove_passkey(request: AgentRequest, identifier: int) -> HttpResponse:
    """Takes one passkey away; it opens nothing from now on."""
    account = cast(Account, request.user)
    if not account.passkeys.filter(pk=identifier).exists():
        raise Http404
    actions.remove_passkey(request, account, identifier)
    messages.success(request, _("La clé d’accès est retirée. Vos autres appareils sont déconnectés."))
    return redirect("accounts:factors")


@opens_without_factor
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def authenticator(request: AgentRequest) -> HttpResponse:
    """Shows a secret as a QR code and as text, and keeps it once the application answers rightly."""
    account, secret = cast(Account, request.user), _waiting_secret(request)
    if request.method == "POST" and (secret is None or "code" not in request.POST):
        _keep_waiting(request, account, totp.new_secret())
        return redirect("accounts:authenticator")
    form = AuthenticatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and secret is not None:
        try:
            actions.add_authenticator(request, account, secret, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.message)
        else:
            return _after(request, account, _("Votre application est enregistrée."))
    shown = {"form": form, "secret": totp.written(secret) if secret else ""}
    return render(request, "accounts/factors/authenticator.html", shown, status=422 if form.errors else 200)


def _context(account: Account) -> bytes:
    return f"totp-waiting:{account.pk}".encode()


def _keep_waiting(request: HttpRequest, account: Account, secret: bytes) -> None:
    request.session[WAITING_SECRET] = base64.b64encode(seal(secret, context=_context(account))).decode()


def _waiting_secret(request: HttpRequest) -> bytes | None:
    kept = request.session.get(WAITING_SECRET)
    if not kept:
        return None
    try:
        return unseal(base64.b64decode(kept), context=_context(cast(Account, request.user)))
    except DecryptionFailed:
        return None


@opens_without_factor
@never_cache
@require_safe
@step_up_required
def qr(request: AgentRequest) -> HttpResponse:
    """The secret as a QR code, drawn here: no image leaves the portal, nothing is kept by the browser."""
    secret = _waiting_secret(request)
    if secret is None:
        raise Http404
    drawn = io.BytesIO()
    text = totp.uri(secret, cast(Account, request.user).login, settings.NOMADE.organisation)
    segno.make(text, error="m").save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@require_POST
@step_up_required
def remove_authenticator(request: AgentRequest) -> HttpResponse:
    """Takes the application away."""
    actions.remove_authenticator(request, cast(Account, request.user))
    messages.success(request, _("L’application est retirée. Vos autres appareils sont déconnectés."))
    return redirect("accounts:factors")


@gives_a_file(then="accounts:card-done")
@opens_without_factor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def card(request: AgentRequest) -> HttpResponse:
    """Explains the card; then prints one, whose codes are shown this once."""
    account = cast(Account, request.user)
    if request.method == "POST":
        _made, printed = actions.make_card(account, request.agent, request=request)
        leave_first_steps(request, account)
        return paper.as_download(paper.write_card(account, printed), account)
    context = {"count": settings.NOMADE.card_codes, "means": means_of(account)}
    return render(request, "accounts/factors/card.html", context)


@opens_without_factor
@require_safe
def card_done(request: AgentRequest) -> HttpResponse:
    """After printing: where a newcomer goes on, or the page of factors."""
    account = cast(Account, request.user)
    if account.first_steps_pending:
        return redirect(first_steps.address(request, account))
    return redirect("accounts:factors")


@require_POST
@step_up_required
def remove_card(request: AgentRequest) -> HttpResponse:
    """The card opens nothing any more."""
    actions.remove_card(request, cast(Account, request.user))
    messages.success(request, _("La carte ne sert plus. Vos autres appareils sont déconnectés."))
    return redirect("accounts:factors")
