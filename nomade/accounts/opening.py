"""Opening sessions: the only place where one begins. A session without the second factor that it needs is `pending`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

from nomade.accounts.devices import device_name
from nomade.accounts.factors import trust
from nomade.accounts.factors.gate import factor_required, has_factor, has_left, passkey_required
from nomade.accounts.models import Account, EndReason, Session
from nomade.accounts.notices import Event, tell
from nomade.accounts.sessions import HOST_KEY, TOKEN_KEY, SessionStore, close_the_oldest
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.http import PortalRequest
from nomade.people.access import is_privileged

BACKEND = "nomade.accounts.backends.PasswordBackend"
SHARED_FIELD = "partage"


def on_shared_computer(request: HttpRequest) -> bool:
    """Whether the box « Ordinateur partagé » of the sign-in page was ticked."""
    return request.method == "POST" and bool(request.POST.get(SHARED_FIELD))


def begin(request: HttpRequest, account: Account, *, factor: str = "", shared: bool | None = None) -> Session:
    """Opens a session for who gave a right password (`factor` empty), or proved more at once (a passkey).

    Where a second factor is required and was not shown, the session is `pending`: it opens only the page that asks.
    """
    privileged = is_privileged(account.agent_id)
    row = Session(
        account=account,
        family=uuid.uuid4(),
        started_at=now(),
        authenticated_at=now(),
        factor=factor,
        privileged=privileged,
        shared=on_shared_computer(request) if shared is None else shared,
    )
    zone = cast(PortalRequest, request).zone
    if not factor and factor_required(zone, privileged=privileged, leaver=has_left(account.agent)):
        _ask_for_factor(request, account, row)
    _open(request, account, row)
    if not row.pending:
        _limit(request, account, row)
    return row


def _ask_for_factor(request: HttpRequest, account: Account, row: Session) -> None:
    if _is_trusted(request, account, row):
        row.factor = "trusted"
    elif has_factor(account):
        row.pending = True
    elif account.factor_grace_from is None:
        account.factor_grace_from = now()
        account.save(update_fields=["factor_grace_from"])


def _is_trusted(request: HttpRequest, account: Account, row: Session) -> bool:
    """A browser that was trusted after a code is not, once a role asks for a passkey."""
    if not trust.is_trusted(request, account, privileged=row.privileged):
        return False
    return not passkey_required(privileged=row.privileged) or account.passkeys.exists()


def complete(request: HttpRequest, account: Account, row: Session, factor: str) -> Session:
    """The second factor was shown: the session opens, under a new identifier."""
    whole = _copy(row, factor=factor, authenticated_at=now(), pending=False)
    _open(request, account, whole)
    _tell_other_hosts(whole)
    _limit(request, account, whole)
    return whole


def renew(request: HttpRequest, account: Account, row: Session, *, factor: str = "") -> Session:
    """The agent proved again who they are: same session, new identifier, and the clock of step-up starts again."""
    renewed = _copy(row, factor=factor or row.factor, authenticated_at=now())
    _open(request, account, renewed)
    _tell_other_hosts(renewed)
    return renewed


def _tell_other_hosts(row: Session) -> None:
    """What was proved on the portal holds for the same sign-in on the webmail."""
    Session.objects.living().filter(family=row.family).exclude(pk=row.pk).update(
        factor=row.factor, authenticated_at=row.authenticated_at
    )


def go_on(request: HttpRequest, account: Account, row: Session) -> Session:
    """The same sign-in on another host."""
    copied = _copy(row)
    _open(request, account, copied)
    return copied


def _copy(row: Session, **changes: str | bool | datetime) -> Session:
    kept = ("family", "started_at", "pending", "factor", "authenticated_at", "privileged", "shared")
    return Session(**{name: getattr(row, name) for name in kept} | changes)


def _open(request: HttpRequest, account: Account, row: Session) -> None:
    seen = cast(PortalRequest, request)
    row.account = account
    row.device = device_name(request.headers.get("User-Agent", ""))[:80]
    row.address = seen.client_address
    row.zone = seen.zone
    data = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: account.get_session_auth_hash(),
        HOST_KEY: seen.host_role,
    }
    if request.session.get(SESSION_KEY) == str(account.pk) and TOKEN_KEY in request.session:
        data[TOKEN_KEY] = request.session[TOKEN_KEY]  # the same person, under a new identifier
    cast(SessionStore, request.session).open(row, data)
    request.user = AnonymousUser() if row.pending else account
    rotate_token(request)


def _limit(request: HttpRequest, account: Account, row: Session) -> None:
    closed = close_the_oldest(account, row)
    if closed:
        audit.record(
            "session.ended",
            actor=account.agent_id,
            subject=account.agent_id,
            request=request,
            reason=EndReason.TOO_MANY.value,
            count=closed,
        )
        said = _("Trop d’appareils étaient connectés à la fois\u00a0: le plus ancien a été déconnecté.")
        tell(account.agent, Event.SESSIONS_CLOSED, said)
