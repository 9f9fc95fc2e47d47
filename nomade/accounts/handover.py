"""From the portal to another of our hosts (webmail, support) without typing the password again.

The other host keeps a random state in a cookie of its own and sends its hash to the portal; the portal, where the
agent is signed in, answers with a ticket bound to that state. The ticket opens one session, once, within 30 seconds; in
another browser it opens nothing, because the state is not there.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from nomade.accounts.models import Account, Handover, Session
from nomade.accounts.opening import go_on
from nomade.accounts.sessions import SessionStore
from nomade.kernel.clock import now
from nomade.kernel.hosts import absolute_url
from nomade.kernel.http import HostRole, PortalRequest
from nomade.kernel.readonly import allow_writes

STATE_COOKIE = "__Host-relais"
STATE = re.compile(r"[0-9a-f]{64}")
LIFETIME = timedelta(seconds=30)
# The hosts that have sessions of their own, beside the portal's.
ARRIVALS: dict[str, HostRole] = {"webmail": "webmail", "support": "support"}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ask_portal(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the portal, which will send it back with a ticket."""
    state = secrets.token_urlsafe(32)
    wanted = request.get_full_path() if request.method == "GET" else "/"
    query = urlencode({"etat": digest(state), "hote": cast(PortalRequest, request).host_role, "suite": wanted})
    response = HttpResponseRedirect(absolute_url("portal", "accounts:handover") + "?" + query)
    response.set_cookie(STATE_COOKIE, state, max_age=600, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def arrival(asked: str) -> HostRole:
    """The host that asked for a ticket. Raises `SuspiciousOperation` (400) for one that takes none."""
    if asked not in ARRIVALS:
        raise SuspiciousOperation("no session is handed over to this host")
    return ARRIVALS[asked]


def issue(account: Account, session: SessionStore, state: str) -> str:
    """A fresh ticket for the family of a session; only its hash is kept.

    Raises `SuspiciousOperation` (400) for a state that no host of ours can have sent.
    """
    if not STATE.fullmatch(state):
        raise SuspiciousOperation("the state of a hand-over is a SHA-256 in hexadecimal")
    row = session.row
    if row is None or row.pending:
        raise SuspiciousOperation("a hand-over starts from a whole session")
    ticket = secrets.token_urlsafe(32)
    with allow_writes("handover"):
        Handover.objects.filter(expires_at__lt=now()).delete()
        Handover.objects.create(
            digest=digest(ticket),
            state=state,
            account=account,
            family=row.family,
            started_at=row.started_at,
            expires_at=now() + LIFETIME,
        )
    return ticket


def open_session(request: HttpRequest, ticket: str) -> bool:
    """Uses a ticket up and signs its account in on this host; False when it is used, late, or of another browser."""
    state = request.COOKIES.get(STATE_COOKIE, "")
    with allow_writes("handover"), transaction.atomic():
        found = Handover.objects.select_for_update().filter(digest=digest(ticket)).select_related("account").first()
        if found is None:
            return False
        found.delete()
    origin = Session.objects.living().filter(family=found.family).order_by("-started_at").first()
    if origin is None or found.expires_at < now() or not secrets.compare_digest(found.state, digest(state)):
        return False
    with allow_writes("session"):
        go_on(request, found.account, origin)
    return True
