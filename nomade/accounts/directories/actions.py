"""Knowing an account by what the provider says, once everything about it was checked."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from nomade.accounts.backends import account_named, full_address
from nomade.accounts.directories.models import Identity
from nomade.accounts.directories.oidc import Arrival
from nomade.accounts.mailkeys.actions import keep_tokens
from nomade.accounts.models import Account
from nomade.accounts.opening import begin, renew
from nomade.accounts.sessions import TOKEN_KEY, SessionStore
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.readonly import allow_writes

FACTOR = "directory"
# Seconds between the proof at the provider and its use here.
JUST_NOW = 120


@transaction.atomic
def enter(request: HttpRequest, arrival: Arrival) -> Account | None:
    """Opens a session for who the directory named, or None; both are written in the journal. It keeps the token."""
    claims = arrival.claims
    account = _known(claims) or _linked(request, claims)
    if account is None or not account.is_active:
        known = account.agent_id if account else None
        audit.record("sign_in.refused", actor=None, subject=known, request=request, reason="directory")
        return None
    row = begin(request, account, factor=FACTOR if settings.NOMADE.oidc_second_factor else "")
    keep_tokens(account, row, arrival.tokens)
    request.session[TOKEN_KEY] = arrival.id_token
    audit.record("sign_in.accepted", actor=account.agent_id, subject=account.agent_id, request=request, by="oidc")
    return account


def _known(claims: dict[str, Any]) -> Account | None:
    found = Identity.objects.filter(issuer=claims["iss"], subject=claims["sub"]).select_related("account__agent")
    identity = found.first()
    return identity.account if identity else None


def _linked(request: HttpRequest, claims: dict[str, Any]) -> Account | None:
    """A first sign-in: by the login claim, for an account that no other subject holds. The directory owns it then."""
    claim = settings.NOMADE.oidc_login_claim
    login = claims.get(claim)
    if not isinstance(login, str) or not login or (claim == "email" and claims.get("email_verified") is False):
        return None
    account = account_named(full_address(login))
    if account is None or Identity.objects.filter(account=account).exists():
        return None
    Identity.objects.create(issuer=claims["iss"], subject=claims["sub"], account=account)
    account.set_unusable_password()
    account.password_is_provisional = False
    account.save(update_fields=["password", "password_is_provisional"])
    audit.record("directory.linked", actor=account.agent_id, subject=account.agent_id, request=request)
    return account


def prove_again(request: HttpRequest, account: Account, arrival: Arrival) -> bool:
    """Step-up: whether the provider has just asked the owner of this account who they are; the session is renewed."""
    row = cast(SessionStore, request.session).row
    claims = arrival.claims
    asked_at = claims.get("auth_time")
    just_now = isinstance(asked_at, int | float) and now().timestamp() - asked_at < JUST_NOW
    if row is None or not just_now or _known(claims) != account:
        return False
    with allow_writes("oidc"):
        renew(request, account, row, factor=FACTOR if settings.NOMADE.oidc_second_factor else "")
        keep_tokens(account, row, arrival.tokens)
        audit.record("step_up.done", actor=account.agent_id, subject=account.agent_id, request=request, by="oidc")
    return True
