"""Giving a provisional password, recording who took it, using it: the only writers of its life."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nomade.accounts import notices
from nomade.accounts.factors import trust
from nomade.accounts.models import Account, Bucket, EndReason, Session
from nomade.accounts.passwords import history
from nomade.accounts.passwords.lifecycle import Kind, Limits, State, asks_birth_date, expiry, opens, state
from nomade.accounts.passwords.models import ProvisionalPassword
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ2345678"
SIGNS = 16
LIFE_FIELDS = (
    "kind", "batch", "made_at", "made_by", "expires_at", "handed_over_at", "handed_over_by", "failures", "uses_left",
    "window_ends_at", "voided_at", "replaced_at",
)  # fmt: skip


def limits() -> Limits:
    """What the settings say today."""
    set_to = settings.NOMADE
    return Limits(
        handed=timedelta(days=set_to.provisional_handed_days),
        batch=timedelta(days=set_to.provisional_batch_days),
        reset=timedelta(hours=set_to.provisional_reset_hours),
        window=timedelta(minutes=set_to.provisional_session_minutes),
        failures=set_to.provisional_failures,
        birth_date=set_to.provisional_birth_date,
    )


def new_code() -> str:
    """16 unambiguous signs by groups of four: 77 bits."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(SIGNS))
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


def as_printed(typed: str) -> str:
    """A code as the letter writes it, however it was typed (lower case, no hyphens); any other text, unchanged."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != SIGNS or not set(signs) <= set(ALPHABET):
        return typed
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


@transaction.atomic
def give(
    account: Account,
    *,
    actor: int | None,
    kind: Kind = Kind.LETTER,
    batch: str = "",
    handed_over: bool = True,
) -> str:
    """A new provisional password, shown once; the former one and every session end.

    `handed_over`: whether it is given into the agent's hands now (support, command line), or printed for later.
    """
    code = new_code()
    at = now()
    history.keep(account, at)
    account.set_password(code)
    account.password_is_provisional = account.first_steps_pending = True
    account.save(update_fields=["password", "password_is_provisional", "first_steps_pending"])
    handed_over_at = at if handed_over else None
    ProvisionalPassword.objects.update_or_create(
        account=account,
        defaults={
            "kind": kind.value,
            "batch": batch,
            "made_at": at,
            "made_by_id": actor,
            "expires_at": expiry(kind, limits(), made_at=at, handed_over_at=handed_over_at),
            "handed_over_at": handed_over_at,
            "handed_over_by_id": actor if handed_over else None,
            "failures": 0,
            "uses_left": settings.NOMADE.provisional_uses,
            "window_ends_at": None,
            "voided_at": None,
            "replaced_at": None,
        },
    )
    trust.forget_all(account)
    Session.objects.filter(account=account).end(EndReason.PASSWORD)
    audit.record("password.provisional", actor=actor, subject=account.agent_id, kind=kind.value, batch=batch)
    if kind is Kind.RESET:
        Bucket.objects.filter(account_id=account.pk).delete()  # the new password must open where the former one waited
        notices.tell(account.agent, notices.Event.RESET_BY_SUPPORT)
    return code


@transaction.atomic
def give_many(hashes: Mapping[int, str], *, batch: str) -> int:
    """Gives, in a few statements, the codes of a roll-out (account and hash) to whoever still has no password.

    Returns how many; an account that a password opens by now keeps it.
    """
    at = now()
    expires_at = expiry(Kind.LETTER, limits(), made_at=at, handed_over_at=None)
    given = 0
    for start in range(0, len(hashes), 2000):
        ids = list(hashes)[start : start + 2000]
        unopened = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(password_is_provisional=True)
        accounts = list(Account.objects.select_for_update().filter(unopened, pk__in=ids))
        for account in accounts:
            account.password = hashes[account.pk]
            account.password_is_provisional = account.first_steps_pending = True
        Account.objects.bulk_update(accounts, ["password", "password_is_provisional", "first_steps_pending"])
        letters = [
            ProvisionalPassword(
                account=account,
                batch=batch,
                made_at=at,
                expires_at=expires_at,
                uses_left=settings.NOMADE.provisional_uses,
            )
            for account in accounts
        ]
        ProvisionalPassword.objects.bulk_create(
            letters, update_conflicts=True, unique_fields=["account"], update_fields=LIFE_FIELDS
        )
        Session.objects.filter(account__in=accounts).end(EndReason.PASSWORD)
        audit.record_many(
            "password.provisional", [account.agent_id for account in accounts], kind=Kind.LETTER.value, batch=batch
        )
        given += len(accounts)
    return given


@transaction.atomic
def record_hand_over(given: ProvisionalPassword, *, by: int) -> None:
    """Somebody has put the letter into the agent's hands: its days are counted from now. Raises Refusal."""
    fresh = ProvisionalPassword.objects.select_for_update().select_related("account").get(pk=given.pk)
    at = now()
    if state(fresh.life, at) is not State.PRINTED:
        raise Refusal(_("Cette lettre n’attend plus d’être remise : imprimez-en une nouvelle si l’agent en a besoin."))
    fresh.handed_over_at, fresh.handed_over_by_id = at, by
    fresh.expires_at = expiry(Kind(fresh.kind), limits(), made_at=fresh.made_at, handed_over_at=at)
    fresh.save(update_fields=["handed_over_at", "handed_over_by", "expires_at"])
    audit.record("password.handed_over", actor=by, subject=fresh.account.agent_id)


@transaction.atomic
def admit(account: Account, *, right: bool) -> bool:
    """Whether a provisional password lets somebody in, once it was compared; counts the use or the failure."""
    given = ProvisionalPassword.objects.select_for_update().filter(account=account).first()
    at = now()
    if given is None or not opens(given.life, at):
        return False
    if not right:
        _count_failure(account, given)
        return False
    if state(given.life, at) is not State.IN_USE:
        given.uses_left -= 1
        given.window_ends_at = at + limits().window
        given.save(update_fields=["uses_left", "window_ends_at"])
    return True


@transaction.atomic
def count_failure(account: Account) -> bool:
    """A wrong date of birth counts as a wrong password; returns whether the letter is void."""
    given = ProvisionalPassword.objects.select_for_update().filter(account=account).first()
    if given is not None and given.voided_at is None:
        _count_failure(account, given)
    return given is None or given.voided_at is not None


def _count_failure(account: Account, given: ProvisionalPassword) -> None:
    given.failures += 1
    if given.failures >= limits().failures:
        given.voided_at = now()
        audit.record("password.provisional_voided", actor=None, subject=account.agent_id, reason="failures")
    given.save(update_fields=["failures", "voided_at"])


def time_is_over(account: Account, started_at: datetime) -> bool:
    """Whether a session opened by a provisional password has had its minutes.

    A session begun later was opened by something else (a passkey), and lives its own life.
    """
    given = ProvisionalPassword.objects.filter(account=account).first()
    return given is not None and given.window_ends_at is not None and started_at <= given.window_ends_at <= now()


def asks_for_birth_date(account: Account) -> bool:
    """Whether the newcomer must say their date of birth; never when the portal does not know it."""
    given = ProvisionalPassword.objects.filter(account=account).first()
    if given is None or account.agent.birth_date is None:
        return False
    return asks_birth_date(given.life, limits())


def replaced(account: Account) -> None:
    """The agent has chosen a password: the letter is worth nothing any more."""
    ProvisionalPassword.objects.filter(account=account, replaced_at__isnull=True).update(replaced_at=now())
