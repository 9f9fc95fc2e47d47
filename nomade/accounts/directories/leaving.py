"""Leaving the employer's directory too: on a shared computer its own session would let the next person in.

OpenID Connect RP-Initiated Logout. The provider wants the ID token as a hint of who leaves: the session keeps it, then,
for ten minutes after the sign-out, a sealed cookie that only this browser holds.
"""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nomade.accounts.directories import oidc
from nomade.accounts.directories.client import client
from nomade.accounts.directories.views import down
from nomade.kernel.encryption import DecryptionFailed, seal, unseal
from nomade.kernel.hosts import absolute_url
from nomade.kernel.http import public

COOKIE, SECONDS = "__Host-annuaire-fin", 600
CONTEXT = b"nomade.accounts.directories.leaving"
# What browsers keep in one cookie, with its name; a longer hint is left out, and the provider asks who leaves.
LONGEST_COOKIE = 3900


def remember(response: HttpResponse, token: str) -> None:
    """At the sign-out: the hint leaves with the browser, sealed."""
    sealed = base64.urlsafe_b64encode(seal(token.encode(), context=CONTEXT)).decode() if token else ""
    if sealed and len(sealed) < LONGEST_COOKIE:
        response.set_cookie(COOKIE, sealed, max_age=SECONDS, secure=True, httponly=True, samesite="Strict", path="/")


@public
@never_cache
@require_safe
def leave_directory(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider, which ends its own session and sends it back. Raises Http404, Unavailable."""
    us = client()
    back = absolute_url("portal", "accounts:signed-out")
    try:
        address = oidc.end_address(us, _hint(request), back)
    except oidc.Unreachable as error:
        raise down(error) from error
    response = HttpResponseRedirect(address or back)
    response.delete_cookie(COOKIE)
    return response


def _hint(request: HttpRequest) -> str:
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        return unseal(sealed, context=CONTEXT).decode()
    except (binascii.Error, DecryptionFailed, ValueError):
        return ""
