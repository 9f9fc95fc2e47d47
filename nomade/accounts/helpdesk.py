"""What the support does to an account once it is sure who is asking; `nomade.support` decides when."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from nomade.accounts.factors import trust
from nomade.accounts.models import Account, Authenticator, Card, EndReason, Passkey, RecoveryCode, Session
from nomade.accounts.notices import Event, tell
from nomade.kernel import audit


@transaction.atomic
def end_sessions(account: Account, *, actor: int) -> int:
    """Closes every session at once and trusts no browser any more; returns how many were open."""
    closed = _close(account, actor=actor)
    tell(account.agent, Event.SESSIONS_CLOSED, _("Le support les a fermées."))
    return closed


def _close(account: Account, *, actor: int) -> int:
    closed = Session.objects.filter(account=account).end(EndReason.SUPPORT)
    trust.forget_all(account)
    audit.record("session.ended", actor=actor, subject=account.agent_id, reason="support", sessions=closed)
    return closed


def has_any_factor(account: Account) -> bool:
    """Whether there is anything to void, cards that are not handed over yet included; one query."""
    mine = {"account": OuterRef("pk")}
    any_of = [Q(Exists(kind.objects.filter(**mine))) for kind in (Passkey, Authenticator, Card, RecoveryCode)]
    return Account.objects.filter(reduce(or_, any_of), pk=account.pk).exists()


@transaction.atomic
def void_factors(account: Account, *, actor: int) -> int:
    """Voids every second factor of an account: keys, application, cards. Returns how many there were.

    The password stays: whoever found the lost telephone still needs it.
    """
    voided = 0
    for kind in (Passkey, Authenticator, Card, RecoveryCode):
        voided += kind.objects.filter(account=account).count()
        kind.objects.filter(account=account).delete()
    _close(account, actor=actor)
    audit.record("factor.voided", actor=actor, subject=account.agent_id, count=voided)
    tell(account.agent, Event.FACTOR_CHANGED, _("Le support a annulé ceux que vous aviez."))
    return voided


@transaction.atomic
def close_sensitive_changes(account: Account, *, until: datetime, actor: int) -> None:
    """Bank details and ways back in do not change before a moment; a longer closing that is already there stays."""
    account.refresh_from_db(fields=["recovery_closed_until"])
    if account.recovery_closed_until is None or account.recovery_closed_until < until:
        account.recovery_closed_until = until
        account.save(update_fields=["recovery_closed_until"])
    audit.record("account.sensitive_closed", actor=actor, subject=account.agent_id, until=until.isoformat())
