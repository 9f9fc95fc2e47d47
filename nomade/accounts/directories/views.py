"""To the provider and back."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict
from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nomade.accounts.directories import oidc
from nomade.accounts.directories.actions import enter, prove_again
from nomade.accounts.directories.client import client
from nomade.accounts.lockout.devices import remember
from nomade.accounts.sessions import SessionStore
from nomade.accounts.wanted import wanted
from nomade.kernel import audit
from nomade.kernel.errors import Unavailable
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render
from nomade.kernel.readonly import allow_writes

log = logging.getLogger("nomade.directory")
COOKIE, SALT, SECONDS = "__Host-annuaire", "nomade.accounts.oidc", 600


@public
@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """« Se connecter avec… »: sends the browser to the provider with a state that only it holds."""
    if cast(PortalRequest, request).host_role != "portal":
        raise Http404
    trip = oidc.Trip(*(secrets.token_urlsafe(32) for _ in range(3)))
    # Step-up: the provider asks again, of who is signed in here.
    again = request.user.pk if "encore" in request.GET and request.user.is_authenticated else None
    try:
        response = HttpResponseRedirect(oidc.authorization_address(client(), trip, again=again is not None))
    except oidc.Unreachable as error:
        raise down(error) from error
    kept = signing.dumps({**asdict(trip), "suite": wanted(request), "again": again}, salt=SALT)
    # Lax: the browser comes back from another site.
    response.set_cookie(COOKIE, kept, max_age=SECONDS, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@public
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Opens a session for who the provider names; one sentence for everything else. The cookie serves once."""
    us = client()
    kept = _kept(request)
    if kept is None:
        return _refused(request, "no trip")
    trip = oidc.Trip(kept["state"], kept["nonce"], kept["verifier"])
    try:
        arrival = oidc.arrival_of_answer(us, trip, request.GET.dict(), wanted=settings.NOMADE.oidc_login_claim)
    except oidc.Refused as refusal:
        return _refused(request, str(refusal))
    except oidc.Unreachable as error:
        raise down(error) from error
    if kept.get("again") is not None:
        return _proved_again(request, kept, arrival)
    with allow_writes("oidc"):
        account = enter(request, arrival)
    if account is None:
        return _refused(request, "no account")
    response = redirect(kept["suite"])
    row = cast(SessionStore, request.session).row
    if row is not None and not row.pending and not row.shared:
        remember(request, response, account.pk)
    response.delete_cookie(COOKIE)
    return response


def _proved_again(request: HttpRequest, kept: dict[str, Any], arrival: oidc.Arrival) -> HttpResponse:
    """Step-up through the provider: the same person, asked a moment ago, in the session that asked."""
    account = request.user if request.user.is_authenticated else None
    if account is None or account.pk != kept["again"] or not prove_again(request, account, arrival):
        return _refused(request, "step-up")
    response = redirect(kept["suite"])
    response.delete_cookie(COOKIE)
    return response


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    audit.record("directory.refused", actor=None, subject=None, request=request, why=why)
    response = render(request, "accounts/directory_refused.html", {}, status=403)
    response.delete_cookie(COOKIE)
    return response


def down(error: Exception) -> Unavailable:
    log.warning("oidc provider unreachable: %s", error)
    return Unavailable(
        "oidc",
        _(
            "L’annuaire de votre collectivité ne répond pas. Si vous avez un mot de passe du portail, "
            "connectez-vous avec lui ; sinon, réessayez dans quelques minutes."
        ),
    )
