"""Keeping the key of a mailbox while its owner is signed in, renewing it, forgetting it.

Nothing here does anything where the portal signs in to the mail server as a master.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from nomade.accounts.directories import oidc
from nomade.accounts.directories.client import client
from nomade.accounts.mailkeys.models import MailKey, Secret
from nomade.accounts.models import Account, Session
from nomade.kernel.readonly import allow_writes

# A token that ends sooner is renewed before it is used.
MARGIN_SECONDS = 60


def by_password() -> bool:
    """Whether mailboxes open with their owner's password."""
    return bool(settings.NOMADE.mail_auth == "password")


def by_token() -> bool:
    """Whether they open with a token of the directory."""
    return settings.NOMADE.mail_auth in ("oauthbearer", "xoauth2")


def keep_password(account: Account, row: Session, password: str, *, typed: bool = False) -> None:
    """Keeps the password that somebody has just given. A provisional one opens the portal only."""
    if not by_password() or account.password_is_provisional:
        return
    if not typed and (known := MailKey.objects.filter(family=row.family).first()) and known.secret().typed:
        return  # the mailbox has a password of its own
    _keep(account.pk, row.family, Secret(password, typed=typed))


def keep_tokens(account: Account, row: Session, tokens: oidc.Tokens) -> None:
    """Keeps what the directory gave with the sign-in."""
    if by_token() and tokens.access:
        _keep(account.pk, row.family, _secret_of(tokens))


def _keep(account: int, family: uuid.UUID, secret: Secret) -> None:
    with transaction.atomic():
        MailKey.objects.filter(family=family).delete()
        key = MailKey(account_id=account, family=family)
        key.keep(secret)
        key.save(force_insert=True)


def _secret_of(tokens: oidc.Tokens, former: str = "") -> Secret:
    ends_at = int(time.time()) + tokens.seconds if tokens.seconds else 0
    return Secret(tokens.access, refresh=tokens.refresh or former, ends_at=ends_at)


def key_of(agent: int) -> MailKey | None:
    """The newest key of an agent (by id) that may still be used."""
    return MailKey.objects.usable().filter(account__agent=agent).order_by("-made_at").first()


def secret_of(agent: int, *, not_this: str = "") -> str:
    """What opens the mailbox of an agent now, other than `not_this`; empty when they must give it.

    Raises `oidc.Unreachable` when a token must be renewed and the directory does not answer.
    """
    key = key_of(agent)
    if key is None:
        return ""
    secret = key.secret()
    if secret.value != not_this and not _ends_soon(secret):
        return secret.value
    return _renewed(key.pk, not_this) if secret.refresh else ""


def _ends_soon(secret: Secret) -> bool:
    return bool(secret.ends_at) and secret.ends_at - MARGIN_SECONDS < time.time()


def _renewed(key: uuid.UUID, not_this: str) -> str:
    """One request at a time renews a token: a directory that changes the refresh token takes each of them once."""
    with allow_writes("mail.key"), transaction.atomic():
        row = MailKey.objects.select_for_update().filter(pk=key).first()
        if row is None:
            return ""
        secret = row.secret()
        if secret.value != not_this and not _ends_soon(secret):
            return secret.value  # another request was faster
        try:
            tokens = oidc.renewed(client(), secret.refresh)
        except oidc.Refused:
            row.delete()
            return ""
        renewed = _secret_of(tokens, secret.refresh)
        row.keep(renewed)
        row.save(update_fields=["sealed"])
        return renewed.value


def forget(agent: int, secret: str) -> None:
    """The mail server refused it: it is not tried a second time, which could close the account there."""
    for key in MailKey.objects.filter(account__agent=agent):
        if key.secret().value == secret:
            with allow_writes("mail.key"):
                key.delete()


def hold(agent: int, until: datetime) -> None:
    """A letter will leave, perhaps after its author signed out: the key of today lives until then at most."""
    key = key_of(agent)
    if key is not None and (key.held_until is None or key.held_until < until):
        key.held_until = until
        key.save(update_fields=["held_until"])


def release(agent: int) -> None:
    """No letter of the agent is on its way any more."""
    MailKey.objects.filter(account__agent=agent, held_until__isnull=False).update(held_until=None)
    MailKey.objects.filter(account__agent=agent).abandoned().delete()


def forget_abandoned() -> int:
    """The keys of sessions that ended by themselves; those of before a change of setting too. Returns how many."""
    gone = MailKey.objects.abandoned() if by_password() or by_token() else MailKey.objects.all()
    return int(gone.delete()[0])
