"""What changes accounts and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest

from nomade.accounts import first_steps, notices
from nomade.accounts.backends import account_named, full_address, opens, spend_one_hash
from nomade.accounts.directories.passwords import PasswordExpired, by_ldap, is_password_of
from nomade.accounts.factors import trust
from nomade.accounts.hashers import Busy, hashing_place
from nomade.accounts.lockout.brakes import Pace, note_failure
from nomade.accounts.lockout.door import Knock, Outcome, braked, knock, let_in, password_is_too_little, refusal
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.telling import tell_of_sign_in
from nomade.accounts.mailkeys.actions import keep_password
from nomade.accounts.models import Account, EndReason, Session
from nomade.accounts.opening import begin, renew
from nomade.accounts.passwords import history, provisional
from nomade.accounts.passwords.lifecycle import Kind
from nomade.accounts.sessions import SessionStore
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.crowd import crowd
from nomade.kernel.errors import Unavailable
from nomade.people.models import Agent

# Django's own listener writes `last_login` at each sign-in; the journal already says it.
user_logged_in.disconnect(dispatch_uid="update_last_login")


def sign_in(request: HttpRequest, login: str, password: str) -> Outcome:
    """Opens a session for an address and a password, or refuses; both are written in the journal.

    Every refusal costs one hash and looks like any other. The try is counted before the password is checked. Raises
    Busy, before anything is read, when more people come than can be let in.
    """
    if crowd.is_too_large():
        raise Busy
    address = full_address(login)
    account = account_named(address)
    owed = braked(request, account)
    if owed.pace is not Pace.FREE:
        if owed.pace is Pace.PROOF:  # without a proof one goes to the stop; at the stop nothing prolongs it
            note_failure(request)
        known = account.agent_id if account else None
        audit.record("sign_in.braked", actor=None, subject=known, request=request, pace=owed.pace.value)
        return Outcome(brake=owed)
    with hashing_place():
        knocked = knock(request, address, account)
        if not knocked.goes_on:
            spend_one_hash(password)
            return _refuse(request, account, knocked, "waiting")
        elsewhere = by_ldap(account)
        if not elsewhere and not opens(account, password):
            return _refuse(request, account, knocked, "refused")
    assert account is not None
    try:
        if elsewhere and not _opens_in_directory(request, account, password, knocked):
            return _refuse(request, account, knocked, "refused")
    except PasswordExpired:
        return _send_to_directory(request, account, knocked)
    if password_is_too_little(request, account, knocked):
        return _refuse(request, account, knocked, "attack")
    with transaction.atomic():
        let_in(knocked)
        tell_of_sign_in(request, account, knocked)
        keep_password(account, begin(request, account), password)
        audit.record("sign_in.accepted", actor=account.agent_id, subject=account.agent_id, request=request)
    return Outcome(account=account)


def _opens_in_directory(request: HttpRequest, account: Account, password: str, knocked: Knock) -> bool:
    """Asked outside the places of hashing, which a slow directory must not hold; down, it counts no failure."""
    try:
        return is_password_of(account, password, request) and account.is_active
    except Unavailable:
        let_in(knocked)
        raise


def _send_to_directory(request: HttpRequest, account: Account, knocked: Knock) -> Outcome:
    """A right password that has expired there: no failure, and no session. Nothing is told of an account we locked."""
    if not account.is_active:
        return _refuse(request, account, knocked, "refused")
    let_in(knocked)
    audit.record("sign_in.refused", actor=None, subject=account.agent_id, request=request, reason="expired_password")
    return Outcome(expired=True)


def _refuse(request: HttpRequest, account: Account | None, knocked: Knock, reason: str) -> Outcome:
    known = account.agent_id if account else None
    note_failure(request)
    audit.record("sign_in.refused", actor=None, subject=known, request=request, reason=reason, side=knocked.kind.value)
    return refusal(knocked)


def sign_out(request: HttpRequest) -> None:
    """Ends every session of this sign-in, on all hosts."""
    store = cast(SessionStore, request.session)
    if request.user.is_authenticated and store.row:  # loads the session's row
        agent = request.user.agent_id
        Session.objects.filter(family=store.row.family).end(EndReason.SIGN_OUT)
        audit.record("session.ended", actor=agent, subject=agent, request=request, reason="sign_out")
        store.forget()
    else:
        store.flush()


@transaction.atomic
def choose_password(request: HttpRequest, account: Account, password: str) -> None:
    """Replaces the password; every other session ends, this one gets a new identifier."""
    history.keep(account, now())
    if not account.password_is_provisional:
        notices.tell(account.agent, notices.Event.PASSWORD_CHANGED)
    account.set_password(password)
    account.password_is_provisional = False
    account.password_chosen_at = now()
    account.save(update_fields=["password", "password_is_provisional", "password_chosen_at"])
    provisional.replaced(account)
    trust.forget_all(account)
    row = cast(SessionStore, request.session).row
    assert row is not None
    Session.objects.filter(account=account).exclude(pk=row.pk).end(EndReason.PASSWORD)
    keep_password(account, renew(request, account, row), password)
    audit.record("password.changed", actor=account.agent_id, subject=account.agent_id, request=request)


@transaction.atomic
def leave_first_steps(request: HttpRequest, account: Account) -> str:
    """Called after each step of a first sign-in: opens the portal once none is left. Returns where to go."""
    if account.first_steps_pending and first_steps.current(request, account) is None:
        account.first_steps_pending = False
        account.save(update_fields=["first_steps_pending"])
        audit.record("first_steps.done", actor=account.agent_id, subject=account.agent_id, request=request)
    return first_steps.address(request, account)


@transaction.atomic
def open_account(agent: Agent, *, password: str | None = None) -> Account:
    """The account of an agent, made closed (no password) unless one is given."""
    account, created = Account.objects.get_or_create(agent=agent, defaults={"login": agent.login})
    if created or password is not None:
        account.set_password(password)
        account.save()
    return account


@transaction.atomic
def open_accounts(agents: Sequence[Agent]) -> None:
    """Closed accounts (no password opens them) for many agents who have none, in a few statements."""
    Account.objects.bulk_create(
        [Account(agent=agent, login=agent.login, password=make_password(None)) for agent in agents], batch_size=5000
    )


@transaction.atomic
def follow_logins(agents: Sequence[int]) -> None:
    """Gives to the accounts of some agents (by id) the login that the agents now have."""
    accounts = Account.objects.filter(agent__in=agents)
    # Two agents may exchange theirs: free the old ones first.
    accounts.update(login=Concat(Value("~"), Cast("pk", CharField())))
    accounts.update(login=Subquery(Agent.objects.filter(pk=OuterRef("agent")).values("login")))


def give_provisional_password(account: Account, *, actor: int | None, kind: Kind = Kind.LETTER) -> str:
    """A provisional password given into the agent's hands now; shown once. See `passwords.provisional`."""
    return provisional.give(account, actor=actor, kind=kind)


@transaction.atomic
def lock(account: Account, *, actor: int | None, reason: str) -> None:
    """Closes an account at once, sessions included."""
    account.locked_at = now()
    account.save(update_fields=["locked_at"])
    Session.objects.filter(account=account).end(EndReason.LOCKED)
    audit.record("account.locked", actor=actor, subject=account.agent_id, reason=reason)


@transaction.atomic
def unlock(account: Account, *, actor: int | None) -> None:
    """Opens a locked account again, and ends every wait that failures had brought."""
    account.locked_at = None
    account.save(update_fields=["locked_at"])
    Bucket.objects.filter(account_id=account.pk).delete()
    audit.record("account.unlocked", actor=actor, subject=account.agent_id)
    if actor is not None:
        notices.tell(account.agent, notices.Event.UNLOCKED)
