"""Signing in and out, choosing a password, and the account's own page."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts import actions, handover
from nomade.accounts.directories import leaving
from nomade.accounts.factors.seen import why_in_words
from nomade.accounts.factors.team import may_help_anybody
from nomade.accounts.first_steps import provisional_password_allowed
from nomade.accounts.forms import SignInForm
from nomade.accounts.lockout.brakes import Pace
from nomade.accounts.lockout.devices import remember
from nomade.accounts.lockout.door import Outcome, owed_by_stranger
from nomade.accounts.lockout.proof import new_challenge
from nomade.accounts.models import Account
from nomade.accounts.sessions import TOKEN_KEY, SessionStore
from nomade.accounts.wanted import wanted
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import absolute_url, origin
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render
from nomade.people.access import main_assignment
from nomade.people.http import AgentRequest

OUR_COOKIES = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, handover.STATE_COOKIE)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. One sentence for every refusal."""
    if cast(PortalRequest, request).host_role != "portal":
        return HttpResponseRedirect(origin("portal") + reverse("accounts:sign-in"))
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(wanted(request))
    form = SignInForm(request.POST or None)
    outcome, status = None, 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                outcome = actions.sign_in(request, form.cleaned_data["login"], form.cleaned_data["password"])
        except Unavailable as down:  # too many at once, or a directory that does not answer: what was typed stays
            form.add_error(None, down.message)
            status = 503
        if outcome and outcome.account:
            inside = redirect(wanted(request))
            row = cast(SessionStore, request.session).row
            if row is not None and not row.pending and not row.shared:
                remember(request, inside, outcome.account.pk)
            return inside
        if outcome:
            status = outcome.status
    return sign_in_page(request, form, outcome, status)


def sign_in_page(request: HttpRequest, form: SignInForm, outcome: Outcome | None, status: int) -> HttpResponse:
    """The door, with what was typed and why it stayed closed."""
    braked = outcome is not None and outcome.brake.pace is not Pace.FREE
    owed = outcome.brake if outcome and braked else owed_by_stranger(request)  # what has just been read
    context: dict[str, Any] = {"form": form, "outcome": outcome, "wanted": wanted(request), "attacked": owed.attacked}
    context["challenge"] = new_challenge() if owed.pace is Pace.PROOF else ""
    context |= {"notice": settings.NOMADE.sign_in_notice, "recovery": settings.NOMADE.self_recovery}
    context["directory"] = settings.NOMADE.oidc_label if settings.NOMADE.oidc_issuer else ""
    context["directory_page"] = settings.NOMADE.directory_password_url
    context["ended"] = why_in_words(request.GET.get("fin", "")) if request.method == "GET" else ""
    response = render(request, "accounts/sign_in.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    if outcome and outcome.brake.seconds:
        response["Retry-After"] = str(outcome.brake.seconds)
    return response


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here and on the other host, and leaves nothing in the browser."""
    token = str(request.session.get(TOKEN_KEY, ""))
    actions.sign_out(request)
    response = HttpResponseRedirect(absolute_url("portal", "accounts:signed-out"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    for name in OUR_COOKIES:
        response.set_cookie(name, "", max_age=0, secure=True, httponly=True, samesite="Lax", path="/")
    leaving.remember(response, token)
    return response


@public
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that the session has ended."""
    directory = settings.NOMADE.oidc_label if settings.NOMADE.oidc_issuer else ""
    return render(request, "accounts/signed_out.html", {"directory": directory})


@provisional_password_allowed
@require_POST
def keep_alive(request: AgentRequest) -> HttpResponse:
    """« Rester connecté »: the request itself prolongs the session."""
    return HttpResponse(status=204)


@never_cache
@require_safe
def hand_over(request: AgentRequest) -> HttpResponse:
    """Portal side: sends somebody who is signed in back to the host that asked, with a ticket."""
    host = handover.arrival(request.GET.get("hote", "webmail"))
    account = cast(Account, request.user)
    ticket = handover.issue(account, cast(SessionStore, request.session), request.GET.get("etat", ""))
    query = urlencode({"billet": ticket, "suite": wanted(request)})
    return HttpResponseRedirect(absolute_url(host, "accounts:hand-over-arrival") + "?" + query)


@public
@never_cache
@require_safe
def hand_over_arrival(request: HttpRequest) -> HttpResponse:
    """On the other host: opens the session, or starts again from the portal's door."""
    if handover.open_session(request, request.GET.get("billet", "")):
        return redirect(wanted(request))
    return HttpResponseRedirect(origin("portal") + reverse("accounts:sign-in"))


@require_safe
def account(request: AgentRequest) -> HttpResponse:
    """« Mon compte »."""
    context = {"assignment": main_assignment(request.agent), "may_help": may_help_anybody(request.agent)}
    return render(request, "accounts/account.html", context)
