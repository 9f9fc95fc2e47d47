"""The employer's directory says that somebody left it: what it opened here ends.

OpenID Connect Back-Channel Logout 1.0. The provider calls us itself, without any browser: the token that it signs is
the whole proof. Each serves once, since a token sent again would close a session that began meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from nomade.accounts.directories import oidc
from nomade.accounts.directories.client import client
from nomade.accounts.directories.models import Identity
from nomade.accounts.lockout.models import SpentProof
from nomade.accounts.models import EndReason, Session
from nomade.accounts.sessions import TOKEN_KEY, SessionStore
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.http import public

EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Within which a token is taken; its own end, where it says one, may come sooner.
LIFE_SECONDS = 120
LONGEST_TOKEN = 10_000


@dataclass(frozen=True)
class Departure:
    """Whom the directory says has left: a subject, one session of the directory, or both."""

    issuer: str
    subject: str
    session: str
    token: str


@csrf_exempt  # no browser and no cookie here: the signature is the proof
@public
@never_cache
@require_POST
def left_directory(request: HttpRequest) -> HttpResponse:
    """Ends what the directory had opened for who left it; 400 for a token that is not believed."""
    us = client()
    try:
        departure = departure_of(us, request.POST.get("logout_token", "")[:LONGEST_TOKEN])
        end_sessions(departure, request)
    except oidc.Refused as refusal:
        audit.record("directory.refused", actor=None, subject=None, request=request, why=f"logout: {refusal}"[:120])
        return JsonResponse({"error": "invalid_request"}, status=400)
    except oidc.Unreachable:  # its keys cannot be read now: it may call again
        return JsonResponse({"error": "temporarily_unavailable"}, status=503, headers={"Retry-After": "30"})
    return HttpResponse(status=200)


def departure_of(us: oidc.Client, token: str) -> Departure:
    """What a logout token says, once everything about it is as it must be (§ 2.6). Raises Refused and Unreachable."""
    claims = oidc.signed(us, token)
    audience = claims.get("aud")
    events = claims.get("events")
    present = time.time()
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    checks = {
        "iss": claims.get("iss") == us.issuer,
        "aud": us.client_id in (audience if isinstance(audience, list) else [audience]),
        "iat": abs(present - oidc.instant(claims, "iat")) < LIFE_SECONDS,
        "exp": "exp" not in claims or oidc.instant(claims, "exp") > present - oidc.LEEWAY_SECONDS,
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        "nonce": "nonce" not in claims,  # an ID token is no logout token
        "jti": isinstance(claims.get("jti"), str) and bool(claims["jti"]),
        "who": isinstance(subject, str) and isinstance(session, str) and bool(subject or session),
    }
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        raise oidc.Refused(", ".join(wrong))
    return Departure(us.issuer, subject, session, str(claims["jti"]))


@transaction.atomic
def end_sessions(departure: Departure, request: HttpRequest) -> int:
    """Ends the sign-ins concerned, on all hosts; returns how many. Raises Refused for a token that has served.

    A session opened otherwise (a passkey of the portal) is none of the directory's: it goes on.
    """
    _spend(departure)
    ended = 0
    for row in _opened_by_directory(departure):
        if Session.objects.filter(family=row.family).end(EndReason.SIGN_OUT) and row.account is not None:
            ended += 1
            agent = row.account.agent_id
            audit.record("session.ended", actor=None, subject=agent, request=request, reason="directory")
    return ended


def _spend(departure: Departure) -> None:
    digest = hashlib.sha256(f"logout|{departure.issuer}|{departure.token}".encode()).hexdigest()
    end = datetime.fromtimestamp(time.time() + 2 * LIFE_SECONDS, tz=now().tzinfo)
    _row, first = SpentProof.objects.get_or_create(digest=digest, defaults={"expires_at": end})
    if not first:
        raise oidc.Refused("jti served already")


def _opened_by_directory(departure: Departure) -> Iterator[Session]:
    living = Session.objects.select_related("account").filter(ended_at__isnull=True, expire_date__gt=now())
    known = Identity.objects.filter(issuer=departure.issuer)
    if departure.subject:
        known = known.filter(subject=departure.subject)
    for row in living.filter(account__in=known.values("account")):
        token = SessionStore().decode(row.session_data).get(TOKEN_KEY)
        if token and (not departure.session or _claims(token).get("sid") == departure.session):
            yield row


def _claims(token: str) -> dict[str, Any]:
    """What an ID token says; it was checked as it arrived, and kept where its owner cannot write."""
    try:
        body = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
