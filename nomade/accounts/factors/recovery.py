"""A lost password, day and night: two proofs of three kinds replace it. The only writers of `Recovery`.

Own factor (passkey, code of the application or of the card), personal address, code read by a supervisor or the HR
office. One person must not hold both proofs, and an account with a sensitive role always shows its own factor.
Its counters are its own: whoever tries proofs from outside delays this way in, never the sign-in itself.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from nomade.accounts.backends import account_named, full_address
from nomade.accounts.directories.passwords import refuse_if_kept_there
from nomade.accounts.factors import actions, codes, trust
from nomade.accounts.factors.gate import only_passkeys
from nomade.accounts.lockout.brakes import note_failure
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.models import Account, Card, EndReason, Recovery, RecoveryCode, Session
from nomade.accounts.notices import Event, tell
from nomade.accounts.passwords import history, provisional
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.people.access import is_privileged
from nomade.people.models import Agent

NEEDED = 2
# Of one attempt; of an account in a quarter of an hour and in a day (§ 1, row 21.5).
MOST_FAILURES, MOST_LATELY, MOST_A_DAY = 5, 5, 20
MOST_MAILS_A_DAY = 3


def start(request: HttpRequest, login: str) -> str:
    """Begins an attempt for an address that may be nobody's; returns what the browser's cookie holds."""
    address = full_address(login)
    account = account_named(address)
    token = secrets.token_urlsafe(32)
    # Without a password of its own (never opened, or owned by the employer's directory) there is none to replace.
    replaceable = account is not None and account.is_active and account.has_usable_password()
    Recovery.objects.create(
        digest=_digest(token),
        account=account if replaceable else None,
        login_digest=salted_hmac("nomade.accounts.recovery", address.lower(), algorithm="sha256").hexdigest(),
        expires_at=now() + timedelta(minutes=settings.NOMADE.recovery_minutes),
    )
    # Beginning over and over is a way of asking who exists: it counts as a failure of that address, whoever is named.
    note_failure(request)
    audit.record("recovery.started", actor=None, subject=account.agent_id if account else None, request=request)
    return token


def current(token: str) -> Recovery | None:
    """The attempt of a browser, while it lasts."""
    if not token:
        return None
    living = Recovery.objects.filter(digest=_digest(token), used_at__isnull=True, expires_at__gt=now())
    return living.select_related("account__agent").first()


def card_number(attempt: Recovery) -> int:
    """The number of the code to ask of the card; for who has none, one that is drawn from the login once for all."""
    code = actions.next_code(attempt.account) if attempt.account else None
    return code.number if code else int(attempt.login_digest[:8], 16) % settings.NOMADE.card_codes + 1


def proofs(attempt: Recovery) -> int:
    """How many proofs were accepted."""
    return bool(attempt.factor_proved) + attempt.mail_proved + (attempt.code_from_id is not None)


def is_proved(attempt: Recovery) -> bool:
    """Whether the password may be chosen: two proofs, the agent's own factor among them for a sensitive role."""
    account = attempt.account
    if account is None or not account.is_active or proofs(attempt) < NEEDED:
        return False
    return bool(attempt.factor_proved) or not is_privileged(account.agent_id)


def _may_try(attempt: Recovery) -> bool:
    if attempt.failures >= MOST_FAILURES:
        return False
    if attempt.account is None:
        return True
    tried = Recovery.objects.filter(account=attempt.account)
    lately = tried.filter(expires_at__gt=now() + timedelta(minutes=settings.NOMADE.recovery_minutes - 15))
    # Attempts are kept a day for this count (`tasks`).
    return _failures(lately) < MOST_LATELY and _failures(tried) < MOST_A_DAY


def _failures(attempts: QuerySet[Recovery]) -> int:
    return int(attempts.aggregate(count=Sum("failures"))["count"] or 0)


def _refused(request: HttpRequest, attempt: Recovery, kind: str) -> bool:
    Recovery.objects.filter(pk=attempt.pk).update(failures=F("failures") + 1)
    note_failure(request)
    known = attempt.account.agent_id if attempt.account else None
    audit.record("recovery.refused", actor=None, subject=known, request=request, kind=kind)
    return False


def _accepted(request: HttpRequest, attempt: Recovery, kind: str) -> bool:
    assert attempt.account is not None
    attempt.save(update_fields=["factor_proved", "factor_from", "code_from", "mail_proved"])
    audit.record("recovery.proved", actor=None, subject=attempt.account.agent_id, request=request, kind=kind)
    return True


def prove_passkey(request: HttpRequest, attempt: Recovery, answer: str) -> bool:
    """A passkey of the account."""
    passkey = actions.use_passkey(request, "recovery", None, answer) if _may_try(attempt) else None
    if passkey is None or passkey.account_id != attempt.account_id:
        return _refused(request, attempt, "passkey")
    attempt.factor_proved, attempt.factor_from = "passkey", None
    return _accepted(request, attempt, "passkey")


def prove_code(request: HttpRequest, attempt: Recovery, typed: str) -> bool:
    """A code of the application or of the card. Raises Refusal when one person holds both proofs."""
    account = attempt.account
    if account is None or not _may_try(attempt) or only_passkeys(account, privileged=is_privileged(account.agent_id)):
        make_password(codes.typed(typed))  # what checking one costs
        return _refused(request, attempt, "code")
    if not codes.is_code(typed):
        if not actions.use_totp(account, typed):
            make_password(codes.typed(typed))
            return _refused(request, attempt, "totp")
        attempt.factor_proved, attempt.factor_from = "totp", None
        return _accepted(request, attempt, "totp")
    card = actions.use_card(account, typed)
    if card is None:
        return _refused(request, attempt, "card")
    giver = _giver(card, account)
    _not_the_same(giver, attempt.code_from)
    attempt.factor_proved, attempt.factor_from = "card", giver
    return _accepted(request, attempt, "card")


def _giver(card: Card, account: Account) -> Agent | None:
    """Who has had the card in hand before its owner, when somebody made it for them."""
    return card.made_by if card.made_by_id != account.agent_id else None


def _not_the_same(one: Agent | None, other: Agent | None) -> None:
    if one is not None and other is not None and one.pk == other.pk:
        raise Refusal(
            _(
                "La carte et le code viennent de la même personne\u00a0: il faut deux preuves indépendantes. Utilisez "
                "votre adresse personnelle, ou demandez le code à quelqu’un d’autre (responsable ou service RH)."
            )
        )


def prove_given_code(request: HttpRequest, attempt: Recovery, typed: str) -> bool:
    """The code that a supervisor or the HR office has just read. Raises Refusal as `prove_code` does."""
    living = RecoveryCode.objects.filter(expires_at__gt=now())
    given = living.filter(account=attempt.account).first() if attempt.account else None
    if given is None or given.failures >= MOST_FAILURES or not _may_try(attempt):
        make_password(codes.typed(typed))
        return _refused(request, attempt, "given_code")
    if not check_password(codes.typed(typed), given.digest):
        RecoveryCode.objects.filter(pk=given.pk).update(failures=F("failures") + 1)
        return _refused(request, attempt, "given_code")
    _not_the_same(attempt.factor_from, given.given_by)
    if not RecoveryCode.objects.filter(pk=given.pk).delete()[0]:
        return _refused(request, attempt, "given_code")
    attempt.code_from = given.given_by
    return _accepted(request, attempt, "given_code")


def ask_for_mail(request: HttpRequest, attempt: Recovery) -> None:
    """Sends a link to the confirmed personal address, if there is one; nothing that is seen tells whether there is."""
    from nomade.accounts.factors.tasks import send_recovery_link

    account = attempt.account
    if account is None or attempt.mail_asked_at is not None:
        return
    sent = Recovery.objects.filter(account=account, mail_asked_at__gt=now() - timedelta(days=1)).count()
    if sent >= MOST_MAILS_A_DAY or not account.agent.personal_email_confirmed:
        return
    with transaction.atomic():
        attempt.mail_asked_at = now()
        attempt.save(update_fields=["mail_asked_at"])
        audit.record("recovery.mailed", actor=None, subject=account.agent_id, request=request)
        send_recovery_link.defer(attempt=str(attempt.pk))


def prove_mail(request: HttpRequest, attempt: Recovery) -> bool:
    """The link was opened and confirmed: whoever did holds the personal address."""
    attempt.mail_proved = True
    return _accepted(request, attempt, "mail")


@transaction.atomic
def replace_password(request: HttpRequest, attempt: Recovery, password: str) -> None:
    """The new password; every session ends, no browser is trusted, bank details close for a while. Raises Refusal."""
    fresh = Recovery.objects.select_for_update().get(pk=attempt.pk)
    if fresh.used_at is not None or fresh.account_id is None or not is_proved(fresh):
        raise Refusal(_("Ces preuves ne valent plus. Recommencez."))
    account = Account.objects.select_for_update().select_related("agent").get(pk=fresh.account_id)
    refuse_if_kept_there(account)
    history.keep(account, now())
    account.set_password(password)
    account.password_is_provisional = False
    account.password_chosen_at = now()
    account.recovery_closed_until = now() + timedelta(hours=settings.NOMADE.recovery_closed_hours)
    account.save(update_fields=["password", "password_is_provisional", "password_chosen_at", "recovery_closed_until"])
    provisional.replaced(account)
    trust.forget_all(account)
    Session.objects.filter(account=account).end(EndReason.RECOVERY)
    RecoveryCode.objects.filter(account=account).delete()
    # The waits that wrong passwords had brought are over: who is there has proved it twice.
    Bucket.objects.filter(account_id=account.pk).delete()
    fresh.used_at = now()
    fresh.save(update_fields=["used_at"])
    audit.record("password.recovered", actor=account.agent_id, subject=account.agent_id, request=request)
    # A notice of security goes to every address of the agent.
    tell(account.agent, Event.PASSWORD_CHANGED, _("Par «\u00a0Mot de passe oublié\u00a0», avec deux preuves."))


@transaction.atomic
def give_code(account: Account, by: Agent, *, request: HttpRequest) -> str:
    """A code to read to the agent, in person or by telephone; it replaces the one before and is told to the agent."""
    code = codes.new_code()
    RecoveryCode.objects.update_or_create(
        account=account,
        defaults={
            "digest": make_password(codes.typed(code)),
            "given_by": by,
            "failures": 0,
            "expires_at": now() + timedelta(minutes=settings.NOMADE.recovery_code_minutes),
        },
    )
    audit.record("recovery.code_given", actor=by.pk, subject=account.agent_id, request=request)
    tell(account.agent, Event.RECOVERY_CODE, _("Il a été donné par %(name)s.") % {"name": by.full_name})
    return code


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
