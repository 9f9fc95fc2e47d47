"""« Mot de passe oublié »: whose, which proofs, which new password. The pages are the same for an unknown login."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nomade.accounts.directories.passwords import refuse_if_kept_there
from nomade.accounts.factors import recovery
from nomade.accounts.factors.forms import GivenCodeForm, LostPasswordForm, OwnCodeForm
from nomade.accounts.factors.tasks import attempt_of
from nomade.accounts.lockout.brakes import Pace, brake
from nomade.accounts.models import Recovery
from nomade.accounts.passwords.forms import ChoosePasswordForm
from nomade.accounts.passwords.lists import five_words_for
from nomade.accounts.passwords.proposing import help_as_one_types, propose, show
from nomade.kernel.errors import Refusal
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render

COOKIE = "__Host-secours"


def _open(request: HttpRequest) -> None:
    """Closed by a setting, and on the other hosts. Raises Http404."""
    if not settings.NOMADE.self_recovery or cast(PortalRequest, request).host_role != "portal":
        raise Http404


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Whose password is lost."""
    _open(request)
    form = LostPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if brake(request).pace is Pace.STOP:
            form.add_error(None, _("Trop d’essais depuis cette connexion. Réessayez dans un quart d’heure."))
            return render(request, "accounts/factors/lost.html", {"form": form}, status=429)
        response = redirect("accounts:lost-proofs")
        token = recovery.start(request, form.cleaned_data["login"])
        life = settings.NOMADE.recovery_minutes * 60
        response.set_cookie(COOKIE, token, max_age=life, secure=True, httponly=True, samesite="Strict", path="/")
        return response
    return render(request, "accounts/factors/lost.html", {"form": form}, status=422 if form.errors else 200)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def proofs(request: HttpRequest) -> HttpResponse:
    """Two proofs of three kinds, in any order."""
    _open(request)
    attempt = recovery.current(request.COOKIES.get(COOKIE, ""))
    if attempt is None:
        return redirect("accounts:lost-password")
    sent = request.POST if request.method == "POST" else None
    own = OwnCodeForm(sent if sent and "moi-code" in sent else None, card_number=recovery.card_number(attempt))
    given = GivenCodeForm(sent if sent and "donne-code" in sent else None)
    said, status = "", 200
    if sent is not None:
        said, status = _try(request, attempt, own, given)
        if not said:
            return redirect("accounts:lost-new" if recovery.is_proved(attempt) else "accounts:lost-proofs")
    context = {"attempt": attempt, "own": own, "given": given, "said": said, "count": recovery.proofs(attempt)}
    return render(request, "accounts/factors/proofs.html", context, status=status)


def _try(request: HttpRequest, attempt: Recovery, own: OwnCodeForm, given: GivenCodeForm) -> tuple[str, int]:
    """(what to say, status) of one try; nothing to say when the proof was accepted, or the mail asked for."""
    if "courriel" in request.POST:
        recovery.ask_for_mail(request, attempt)
        messages.success(
            request,
            _("Si une adresse personnelle confirmée est enregistrée, un lien y part. Ouvrez-le, puis revenez ici."),
        )
        return "", 200
    try:
        if request.POST.get("credential"):
            right = recovery.prove_passkey(request, attempt, request.POST["credential"])
        elif own.is_bound and own.is_valid():
            right = recovery.prove_code(request, attempt, own.cleaned_data["code"])
        else:
            right = given.is_bound and given.is_valid()
            right = right and recovery.prove_given_code(request, attempt, given.cleaned_data["code"])
    except Refusal as refusal:
        return refusal.message, 422
    if right:
        messages.success(request, _("Cette preuve est acceptée."))
        return "", 200
    return _("Cette preuve n’est pas acceptée. Vérifiez-la\u00a0; après cinq essais, recommencez plus tard."), 422


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """The link of the message: confirmed by a button, since mail robots open links too."""
    _open(request)
    token = request.POST.get("lien", "") or request.GET.get("lien", "")
    attempt = attempt_of(token)
    done = request.method == "POST" and attempt is not None and recovery.prove_mail(request, attempt)
    context = {"token": token, "late": attempt is None, "done": done}
    return render(request, "accounts/factors/recovery_link.html", context, status=422 if attempt is None else 200)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The new password, once two proofs are accepted."""
    _open(request)
    attempt = recovery.current(request.COOKIES.get(COOKIE, ""))
    if attempt is None or attempt.account is None or not recovery.is_proved(attempt):
        return redirect("accounts:lost-proofs")
    refuse_if_kept_there(attempt.account)  # before anything is typed for nothing
    template, context = "accounts/factors/lost_new.html", {"help_at": f"{request.path}?aide"}
    if request.method == "POST" and "aide" in request.GET:
        return help_as_one_types(request, attempt.account)
    if "proposer" in request.POST:
        form = ChoosePasswordForm(account=attempt.account, proposal=five_words_for(attempt.account))
        return propose(request, template, form, context)
    form = ChoosePasswordForm(request.POST or None, account=attempt.account)
    if request.method == "POST" and form.is_valid():
        recovery.replace_password(request, attempt, form.cleaned_data["password"])
        messages.success(request, _("Votre mot de passe est remplacé. Connectez-vous avec le nouveau."))
        response = redirect("accounts:sign-in")
        response.delete_cookie(COOKIE, path="/", samesite="Strict")
        return response
    return show(request, template, form, context)
