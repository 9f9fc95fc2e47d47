"""At the door: a passkey alone, or a second factor after the password; and step-up, once inside."""

from __future__ import annotations

import uuid
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nomade.accounts.factors import actions, proving, stepup, trust
from nomade.accounts.factors.access import Means, means_of
from nomade.accounts.factors.forms import CodeForm, PasswordAgainForm
from nomade.accounts.factors.gate import is_enough, passkey_required
from nomade.accounts.first_steps import provisional_password_allowed
from nomade.accounts.forms import SignInForm
from nomade.accounts.lockout.devices import remember
from nomade.accounts.lockout.door import Outcome
from nomade.accounts.models import Account, Identity, Session
from nomade.accounts.opening import begin, complete, renew
from nomade.accounts.sessions import SessionStore
from nomade.accounts.views import sign_in_page
from nomade.accounts.wanted import wanted
from nomade.kernel import audit
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


def who_proves(request: HttpRequest) -> tuple[Account, Session] | None:
    """Who gave a right password and must show a factor: the session waits, or came out of the professional network."""
    signed_in = request.user if request.user.is_authenticated else getattr(request, "half_signed_in", None)
    row = cast(SessionStore, request.session).row
    return (cast(Account, signed_in), row) if signed_in is not None and row is not None else None


@public
@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """The challenge that a browser gives to the device. At the door it names nobody."""
    purpose = request.POST.get("purpose", "")
    if purpose in ("sign-in", "recovery"):
        return JsonResponse(actions.passkey_to_use(purpose, None))
    known = who_proves(request)
    if purpose not in ("factor", "step-up") or known is None:
        raise Http404
    return JsonResponse(actions.passkey_to_use(purpose, known[0]))


@public
@never_cache
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """« Entrer avec une clé d’accès »: the passkey says who comes, and is enough."""
    if cast(PortalRequest, request).host_role != "portal":
        raise Http404
    passkey = actions.use_passkey(request, "sign-in", None, request.POST.get("credential", ""))
    account = passkey.account if passkey else None
    if account is None or not account.is_active:
        known = account.agent_id if account else None
        audit.record("sign_in.refused", actor=None, subject=known, request=request, reason="passkey")
        return sign_in_page(request, SignInForm(), Outcome(), 422)
    row = begin(request, account, factor="passkey")
    audit.record("sign_in.accepted", actor=account.agent_id, subject=account.agent_id, request=request, by="passkey")
    response = redirect(wanted(request))
    if not row.shared:
        remember(request, response, account.pk)
    return response


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """After a right password: a passkey, a code of the application, or the code of the card that the page names."""
    known = who_proves(request)
    if known is None:
        return HttpResponseRedirect(reverse("accounts:sign-in"))
    account, row = known
    means = means_of(account, privileged=row.privileged)
    if is_enough(row) or not means.any or (row.factor and not means.passkeys):
        return redirect(wanted(request))
    form = CodeForm(request.POST if means.has_code and "code" in request.POST else None, **means.code_form)
    if request.method == "POST":
        proof = proving.factor_shown(request, account, form, "factor", after_password=row.pending)
        if proof.locked:
            return render(request, "accounts/factors/locked.html", status=403)
        if proof.kind:
            return _inside(request, account, row, proof.kind)
    days = trust.lifetime(privileged=row.privileged).days
    context = {"form": form, "means": means, "wanted": wanted(request), "trust_days": 0 if row.shared else days}
    return render(request, "accounts/factors/ask.html", context, status=422 if request.method == "POST" else 200)


def _inside(request: HttpRequest, account: Account, row: Session, kind: str) -> HttpResponse:
    whole = complete(request, account, row, kind) if row.pending else renew(request, account, row, factor=kind)
    audit.record("factor.used", actor=account.agent_id, subject=account.agent_id, request=request, kind=kind)
    response = redirect(wanted(request))
    if not whole.shared:
        remember(request, response, account.pk)
        lesser = kind != "passkey" and passkey_required(privileged=whole.privileged)
        if request.POST.get("confiance") and not lesser and trust.lifetime(privileged=whole.privileged):
            trust.trust(request, response, account)
    return response


@provisional_password_allowed
@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: AgentRequest) -> HttpResponse:
    """Step-up: proves again who is there, then gives back the page or the form that was asked for."""
    account, row = cast(Account, request.user), cast(SessionStore, request.session).row
    assert row is not None
    held = stepup.waiting_form(account, request.POST.get("formulaire") or request.GET.get("formulaire") or "")
    after = held.proof_after if held else None
    if stepup.is_fresh(account, row, after=after) and not {"password", "credential"} & set(request.POST):
        return _already(request, account)
    means = means_of(account, privileged=row.privileged)
    form = PasswordAgainForm(request.POST if "password" in request.POST else None)
    code = CodeForm(request.POST if "code" in request.POST else None, **means.code_form) if means.has_code else None
    if request.method == "POST":
        proof = proving.step_up(request, account, form, code, means)
        if proof.kind or proof.password_alone:
            renew(request, account, row, factor=proof.kind)
            audit.record("step_up.done", actor=account.agent_id, subject=account.agent_id, request=request)
            return _resumed(request, account)
    context = _asked(request, form, code, means) | {"purpose": held.purpose if held else ""}
    return render(request, "accounts/factors/confirm.html", context, status=_status(request))


def _asked(request: HttpRequest, form: PasswordAgainForm, code: CodeForm | None, means: Means) -> dict[str, object]:
    kept = request.POST.get("formulaire") or request.GET.get("formulaire") or ""
    back = reverse("accounts:confirm") + "?" + urlencode({"formulaire": kept}) if kept else wanted(request)
    directory = reverse("accounts:directory") + "?" + urlencode({"encore": "oui", "suite": back})
    owned = bool(settings.NOMADE.oidc_issuer) and Identity.objects.filter(account=cast(Account, request.user)).exists()
    return {
        "form": form,
        "code_form": code,
        "means": means,
        "wanted": wanted(request),
        "held": kept,
        "directory": directory if owned else "",
    }


def _already(request: HttpRequest, account: Account) -> HttpResponse:
    """Who is there was just proved (in another tab, at the employer's directory): what was kept is sent again."""
    held = request.POST.get("formulaire") or request.GET.get("formulaire") or ""
    if request.method == "POST" or not held:
        return _resumed(request, account)
    fields = [("formulaire", held)]
    context = {"path": reverse("accounts:confirm"), "fields": fields, "then": ""}
    return render(request, "accounts/factors/resume.html", context)


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _resumed(request: HttpRequest, account: Account) -> HttpResponse:
    """The page one came from, or the form that was kept, sent again by the page itself."""
    try:
        identifier = uuid.UUID(request.POST.get("formulaire", ""))
    except ValueError:
        return redirect(wanted(request))
    held = stepup.held_form(account, identifier)
    if held is None:
        messages.warning(request, _("Ce que vous aviez envoyé n’est plus gardé. Recommencez, s’il vous plaît."))
        return redirect("/")
    stepup.forget_form(account, identifier)
    path, fields = held
    context = {"path": path, "fields": fields, "then": stepup.page_after_file(path)}
    return render(request, "accounts/factors/resume.html", context)
