"""Limits on codes of a second factor, and the one case that locks an account for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from nomade.accounts.actions import lock
from nomade.accounts.lockout import counters
from nomade.accounts.lockout.door import key_of
from nomade.accounts.lockout.rules import Kind, rule_of
from nomade.accounts.models import Account
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal, Unavailable


@dataclass(frozen=True)
class CodeAnswer:
    """Whether a code was right; else the end of the wait, if there is one; and whether the account is locked now."""

    right: bool
    until: datetime | None = None
    locked: bool = False


def check_code(
    request: HttpRequest, account: Account, is_right: Callable[[], bool], *, after_password: bool
) -> CodeAnswer:
    """Asks `is_right` within the limits on codes; during a wait it is not asked at all.

    `after_password` says that a right password came just before: so many wrong codes in a row then lock the account,
    because whoever types them knows the password and has not the factor. Only the support opens it again.
    """
    numbers = settings.NOMADE.lockout
    rule = rule_of(Kind.CODE, numbers)
    made = counters.take(key_of(Kind.CODE, str(account.pk)), Kind.CODE, account.pk, now(), rule)
    try:
        right = made.goes_on and is_right()
    except (Unavailable, Refusal):  # the directory is down, or wants its password changed: nobody was wrong
        counters.give_back(made)
        raise
    if right:
        counters.give_back(made)
        return CodeAnswer(right=True)
    reason = "wrong" if made.goes_on else "waiting"
    audit.record("factor.refused", actor=None, subject=account.agent_id, request=request, reason=reason)
    locked = after_password and made.goes_on and made.failures >= numbers.hard_lock_codes
    if locked:
        lock(account, actor=None, reason="second_factor")
    return CodeAnswer(right=False, until=made.until, locked=locked)
