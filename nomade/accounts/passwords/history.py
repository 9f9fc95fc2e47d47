"""Former passwords, as hashes, so that the last ones do not come back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable

from nomade.accounts.models import Account, normalised
from nomade.accounts.passwords.models import FormerPassword


def keep(account: Account, at: datetime) -> None:
    """Keeps the hash of the password that an account is about to lose, and forgets those too old to matter."""
    if not account.password or not is_password_usable(account.password):
        return
    FormerPassword.objects.create(
        account=account, password=account.password, was_provisional=account.password_is_provisional, ended_at=at
    )
    for provisional, kept in ((False, settings.NOMADE.password_history), (True, 1)):
        former = FormerPassword.objects.filter(account=account, was_provisional=provisional).order_by(
            "-ended_at", "-pk"
        )
        FormerPassword.objects.filter(pk__in=list(former.values_list("pk", flat=True)[kept:])).delete()


def was_used(account: Account, password: str) -> bool:
    """Whether a password is the present one, one of the last ones, or the last provisional one."""
    given = normalised(password)
    if account.check_password(password):
        return True
    former = FormerPassword.objects.filter(account=account).values_list("password", flat=True)
    return any(check_password(given, encoded) for encoded in former)
