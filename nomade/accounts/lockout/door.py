"""One try at the sign-in page: which counter it belongs to, and whether it may go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from nomade.accounts.factors.gate import factor_required, has_factor, has_left
from nomade.accounts.lockout import counters
from nomade.accounts.lockout.brakes import Brake, Pace, brake
from nomade.accounts.lockout.devices import device_of, knows_somebody
from nomade.accounts.lockout.models import Attack
from nomade.accounts.lockout.proof import is_proof
from nomade.accounts.lockout.rules import Kind, rule_of
from nomade.accounts.models import Account
from nomade.kernel.clock import now
from nomade.kernel.http import PortalRequest, Zone
from nomade.people.access import is_privileged

SALT = "nomade.accounts.lockout"
FREE = Brake(Pace.FREE)


@dataclass(frozen=True)
class Knock:
    """A try that was counted, for an identifier that may be nobody's."""

    kind: Kind
    made: counters.Try

    @property
    def goes_on(self) -> bool:
        return self.made.goes_on

    @property
    def until(self) -> datetime | None:
        """The end of the wait, if this try fails or was made during one."""
        return self.made.until

    @property
    def failures_before(self) -> int:
        """Failures in a row before this try, from the same side."""
        return self.made.failures - 1 if self.made.goes_on else self.made.failures


def key_of(kind: Kind, identifier: str, device: str = "") -> str:
    """The name of a counter: it tells nothing of the identifier to who reads the table without the secret."""
    return salted_hmac(SALT, f"{kind}|{identifier}|{device}", algorithm="sha256").hexdigest()


def knock(request: HttpRequest, identifier: str, account: Account | None) -> Knock:
    """Counts a try with a password. A known browser, the professional network and the rest never share a counter."""
    device = device_of(request, account.pk) if account else None
    if device is not None:
        kind = Kind.DEVICE
    elif cast(PortalRequest, request).zone is Zone.PROFESSIONAL:
        kind = Kind.NETWORK
    else:
        kind = Kind.UNKNOWN
    key = key_of(kind, identifier, device or "")
    rule = rule_of(kind, settings.NOMADE.lockout)
    return Knock(kind, counters.take(key, kind, account.pk if account else None, now(), rule))


def let_in(knock: Knock) -> None:
    """The try was the right one."""
    counters.give_back(knock.made)


@dataclass(frozen=True)
class Outcome:
    """What became of a sign-in: the account, or until when to wait; the reason of a refusal is told to nobody."""

    account: Account | None = None
    until: datetime | None = None
    device_blocked: bool = False
    brake: Brake = FREE
    # The password is right, and the directory that owns it wants it changed first: told to who knows it.
    expired: bool = False

    @property
    def status(self) -> int:
        """Of the answer that says it: 429 for a braked address, 422 for any refusal."""
        return 422 if self.brake.pace is Pace.FREE else 429

    @property
    def until_minute(self) -> datetime | None:
        """The end of the wait as a page shows it: the minute that follows, so that nobody comes back too early."""
        if self.until is None:
            return None
        return self.until.replace(second=0, microsecond=0) + timedelta(minutes=1)


def refusal(knock: Knock) -> Outcome:
    """A known browser proves an earlier sign-in: it may be told that it is blocked."""
    return Outcome(until=knock.until, device_blocked=knock.kind is Kind.DEVICE and knock.until is not None)


def braked(request: HttpRequest, account: Account | None) -> Brake:
    """What this address still owes before a password is tried; nothing on a browser known for the account."""
    if account is not None and device_of(request, account.pk) is not None:
        return FREE
    found = brake(request)
    if found.pace is Pace.PROOF and is_proof(request.POST.get("preuve", "")):
        return FREE
    return found


def owed_by_stranger(request: HttpRequest) -> Brake:
    """What the form asks of a browser known to nobody: a proof, or more during an attack; nothing of a known one."""
    return FREE if knows_somebody(request) else brake(request)


def password_is_too_little(request: HttpRequest, account: Account, knock: Knock) -> bool:
    """Whether, during an attack, a right password alone opens nothing: unknown browser outside, and no second factor.

    A provisional password cannot be guessed (77 bits) and leads to the choice of a factor: it goes on.
    """
    if knock.kind is not Kind.UNKNOWN or account.password_is_provisional:
        return False
    zone = cast(PortalRequest, request).zone
    required = factor_required(zone, privileged=is_privileged(account.agent_id), leaver=has_left(account.agent))
    return required and not has_factor(account) and Attack.objects.filter(is_open=True).exists()
