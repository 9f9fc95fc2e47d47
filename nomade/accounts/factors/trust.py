"""Trusted browsers: where the second factor is not asked again for a while. It never replaces a step-up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from nomade.accounts.devices import device_name
from nomade.accounts.models import Account, TrustedBrowser
from nomade.kernel.clock import now

COOKIE = "__Host-confiance"
# The server counts the days from the last use; the cookie only has to live longer.
COOKIE_LIFE = timedelta(days=400)


def lifetime(*, privileged: bool) -> timedelta:
    """How long a browser stays trusted after its last use; zero offers none."""
    known = settings.NOMADE
    return timedelta(days=min(known.trust_days, known.trust_days_privileged) if privileged else known.trust_days)


def is_trusted(request: HttpRequest, account: Account, *, privileged: bool) -> bool:
    """Whether this browser is trusted for an account; a use starts its days again."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return False
    known = TrustedBrowser.objects.filter(
        account=account, digest=_digest(token), last_used_at__gt=now() - lifetime(privileged=privileged)
    )
    return bool(known.update(last_used_at=now()))


def trust(request: HttpRequest, response: HttpResponseBase, account: Account) -> None:
    """Makes this browser trusted for an account; several accounts may share the cookie."""
    token = request.COOKIES.get(COOKIE, "")
    if len(token) != 43:
        token = secrets.token_urlsafe(32)
    TrustedBrowser.objects.update_or_create(
        account=account,
        digest=_digest(token),
        defaults={"device": device_name(request.headers.get("User-Agent", ""))[:80], "last_used_at": now()},
    )
    response.set_cookie(COOKIE, token, max_age=COOKIE_LIFE, secure=True, httponly=True, samesite="Strict", path="/")


def forget_all(account: Account) -> int:
    """After a change of password or factor no browser is trusted any more."""
    deleted, _by_model = TrustedBrowser.objects.filter(account=account).delete()
    return deleted


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
