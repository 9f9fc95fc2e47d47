"""Who must show a second factor, where; and what stays closed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseBase

from nomade.accounts.models import Account, Authenticator, Card, Passkey, Session
from nomade.kernel.clock import now, today
from nomade.kernel.http import PortalRequest, Zone
from nomade.kernel.registry import Service
from nomade.people.models import Agent

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def factor_required(zone: Zone, *, privileged: bool, leaver: bool) -> bool:
    """Whether a second factor must be shown by somebody of this kind who comes from there.

    Who has left comes in by the limited account: from anywhere, with their own factor.
    """
    policy = settings.NOMADE.mfa
    if policy == "never":
        return False
    if policy == "always" or leaver or zone is Zone.INTERNET:
        return True
    everywhere = settings.NOMADE.mfa_privileged
    return privileged and (everywhere == "always" or (everywhere == "auto" and settings.NOMADE.production))


# What a session shows when it shows less than a passkey.
LESSER = ("totp", "card")


def passkey_required(*, privileged: bool) -> bool:
    """Whether somebody of this kind shows a passkey, which cannot be read to a caller nor typed on a false page."""
    policy = settings.NOMADE.mfa_privileged_passkey
    return privileged and (policy == "always" or (policy == "auto" and settings.NOMADE.production))


def is_enough(row: Session) -> bool:
    """Whether what a session has shown is enough for who holds it."""
    return bool(row.factor) and not (row.factor in LESSER and passkey_required(privileged=row.privileged))


def only_passkeys(account: Account, *, privileged: bool) -> bool:
    """Whether the codes of an account are worth nothing: its role asks for a passkey, and it has one."""
    return passkey_required(privileged=privileged) and Passkey.objects.filter(account=account).exists()


def has_left(agent: Agent) -> bool:
    """Whether somebody works no more for the organisation: the day after the last one."""
    return agent.exit_date is not None and agent.exit_date < today()


def has_factor(account: Account) -> bool:
    """Whether an account has something that can be shown besides the password; one query."""
    mine = {"account": OuterRef("pk")}
    any_of = (
        Q(Exists(Passkey.objects.filter(**mine)))
        | Q(Exists(Authenticator.objects.filter(**mine)))
        | Q(Exists(Card.objects.filter(**mine, active_from__isnull=False)))
    )
    return Account.objects.filter(any_of, pk=account.pk).exists()


def needs_factor_outside(view: View) -> View:
    """Marks a view that stays closed, from outside, to an agent who has no second factor yet."""
    view.needs_factor_outside = True  # type: ignore[attr-defined]
    return view


class Stage(StrEnum):
    """What a session may open, as far as second factors go."""

    OPEN = "open"
    # A factor exists and was not shown: only the page that asks for it.
    ASK = "ask"
    # No factor yet, for a few days: what is sensitive stays closed.
    GRACE = "grace"
    # No factor, and the days are over: only the page where one is made.
    ENROL = "enrol"


@dataclass(frozen=True)
class Access:
    """What a request may open."""

    stage: Stage
    leaver: bool = False
    grace_until: datetime | None = None


def access_of(request: PortalRequest, account: Account, row: Session) -> Access:
    """What this session may open from where it is now; one query, and only where a factor lacks."""
    leaver = has_left(account.agent)
    required = factor_required(request.zone, privileged=row.privileged, leaver=leaver)
    if not required or is_enough(row):
        return Access(Stage.OPEN, leaver)
    if row.factor:  # a code, where a passkey is asked
        return Access(Stage.ASK if account.passkeys.exists() else Stage.ENROL, leaver)
    if has_factor(account):
        return Access(Stage.ASK, leaver)
    if row.privileged or leaver:
        return Access(Stage.ENROL, leaver)
    until = grace_end(account)
    return Access(Stage.GRACE if until > now() else Stage.ENROL, leaver, until)


def asked_at_first(request: HttpRequest, account: Account) -> bool:
    """Whether a newcomer goes through the choice of a factor now: where they are, one is required."""
    row = getattr(request.session, "row", None)
    zone = cast(PortalRequest, request).zone
    return row is not None and factor_required(zone, privileged=row.privileged, leaver=has_left(account.agent))


def grace_end(account: Account) -> datetime:
    """Until when an agent without second factor may still come from outside."""
    since = account.factor_grace_from or now()
    return since + timedelta(days=settings.NOMADE.mfa_grace_days)


def closed_by(request: Any, service: Service | None) -> str:
    """Why a service (None: what belongs to none) is closed: « factor », « leaver », or nothing when it is open."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return ""
    if access.leaver and not (service and service.open_to_leavers):
        return "leaver"
    return "factor" if access.stage is Stage.GRACE and service and service.needs_factor_outside else ""
