"""The cookie by which a browser proves that somebody signed in there before (OWASP, « Device Cookies »).

It opens nothing: it only gives that browser a counter of its own, which a stranger cannot fill.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from nomade.kernel.clock import now

COOKIE = "__Host-appareil"
SALT = "nomade.accounts.device"
# A depot's PC knows the last people who used it; more would make the cookie long.
MOST_PEOPLE = 4


def device_of(request: HttpRequest, account: int) -> str | None:
    """The name of this browser for an account, or None where that account never signed in."""
    return _known(request).get(account)


def knows_somebody(request: HttpRequest) -> bool:
    """Whether anybody signed in on this browser."""
    return bool(_known(request))


def remember(request: HttpRequest, response: HttpResponseBase, account: int, *, afresh: bool = False) -> None:
    """Makes this browser a known one for an account, from now on.

    A known one keeps its name, hence its counter, unless `afresh` (the support opens it again).
    """
    others = _known(request)
    former = others.pop(account, None)
    mine = secrets.token_hex(12) if afresh or former is None else former
    kept = list(others.items())[: MOST_PEOPLE - 1]
    response.set_cookie(
        COOKIE,
        "~".join(_token(*pair) for pair in [(account, mine), *kept]),
        max_age=_lifetime(),
        secure=True,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def _lifetime() -> timedelta:
    return timedelta(days=settings.NOMADE.lockout.device_days)


def _token(account: int, name: str) -> str:
    body = f"{account}.{name}.{int(now().timestamp())}"
    return f"{body}.{_mac(body)}"


def _mac(body: str) -> str:
    return salted_hmac(SALT, body, algorithm="sha256").hexdigest()


def _known(request: HttpRequest) -> dict[int, str]:
    """The accounts that the cookie proves, the latest first; what is forged, late or unreadable is nothing."""
    found: dict[int, str] = {}
    for token in request.COOKIES.get(COOKIE, "").split("~")[:MOST_PEOPLE]:
        body, _, mac = token.rpartition(".")
        if not constant_time_compare(mac, _mac(body)):
            continue
        account, name, made = body.split(".")
        if now().timestamp() - int(made) < _lifetime().total_seconds():
            found[int(account)] = name
    return found
