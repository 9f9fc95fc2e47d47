"""The only writers of second factors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts.factors import codes, totp, trust, webauthn
from nomade.accounts.models import (
    Account,
    Authenticator,
    Card,
    CardCode,
    Challenge,
    EndReason,
    Passkey,
    Session,
    SessionQuerySet,
    TrustedBrowser,
)
from nomade.accounts.notices import Event, tell
from nomade.accounts.opening import renew
from nomade.accounts.sessions import SessionStore
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.errors import Refusal
from nomade.kernel.http import PortalRequest
from nomade.people.models import Agent

CHALLENGE_LIFE = timedelta(minutes=5)
# A person has a telephone, a computer, a key on a ring; a hundred would be somebody's mistake or attack.
MOST_PASSKEYS = 10


def secret_context(account: int) -> bytes:
    """What a sealed secret is bound to: moved to another account, it does not open."""
    return f"totp:{account}".encode()


# --- Passkeys ---------------------------------------------------------------------------------------------------------


def _keep_challenge(purpose: str, account: Account | None, state: dict[str, Any]) -> None:
    # Anybody may ask for one at the door: what is late goes at once, not at the next hour.
    Challenge.objects.filter(expires_at__lt=now()).delete()
    Challenge.objects.create(
        digest=hashlib.sha256(webauthn.decoded(state["challenge"])).hexdigest(),
        purpose=purpose,
        account=account,
        state=state,
        expires_at=now() + CHALLENGE_LIFE,
    )


def _take_challenge(purpose: str, account: Account | None, answer: str) -> dict[str, Any]:
    """The state of the challenge that is answered, which serves no more. Raises BadAnswer."""
    digest = hashlib.sha256(webauthn.challenge_of(answer)).hexdigest()
    with transaction.atomic():
        found = Challenge.objects.select_for_update().filter(digest=digest, purpose=purpose, account=account).first()
        if found is not None:
            found.delete()
    if found is None or found.expires_at < now():
        raise webauthn.BadAnswer("unknown, used or late challenge")
    return cast(dict[str, Any], found.state)


def passkey_to_create(account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey. Raises Refusal beyond ten."""
    known = [bytes(credential) for credential in account.passkeys.values_list("credential", flat=True)]
    if len(known) >= MOST_PASSKEYS:
        raise Refusal(_("Vous avez déjà %(count)d clés d’accès\u00a0: retirez-en une d’abord.") % {"count": len(known)})
    options, state = webauthn.ask_to_create(account.pk, account.login, account.agent.full_name, known)
    _keep_challenge("register", account, state)
    return options


@transaction.atomic
def add_passkey(request: HttpRequest, account: Account, answer: str, name: str) -> Passkey:
    """Keeps a new passkey, which was just used: the session counts it as shown. Raises Refusal."""
    try:
        state = _take_challenge("register", account, answer)
        identifier, credential, count = webauthn.created(state, answer)
        with transaction.atomic():
            passkey = Passkey.objects.create(
                account=account,
                name=name.strip()[:60],
                credential_id=identifier,
                credential=credential,
                sign_count=count,
                last_used_at=now(),
            )
    except webauthn.BadAnswer as error:
        raise Refusal(_("La clé d’accès n’a pas pu être enregistrée. Recommencez.")) from error
    except IntegrityError as error:
        raise Refusal(_("Cette clé d’accès est déjà enregistrée.")) from error
    _factor_added(request, account, "passkey", name=passkey.name)
    return passkey


def passkey_to_use(purpose: str, account: Account | None) -> dict[str, Any]:
    """What the browser needs to use a passkey: one of the account's, or any at the door."""
    known = [bytes(each) for each in account.passkeys.values_list("credential", flat=True)] if account else []
    options, state = webauthn.ask_to_sign(known)
    _keep_challenge(purpose, account, state)
    return options


def _passkey_named(identifier: bytes, account: Account | None) -> Passkey:
    passkey = Passkey.objects.select_related("account__agent").filter(credential_id=identifier).first()
    if passkey is None or (account is not None and passkey.account_id != account.pk):
        raise webauthn.BadAnswer("unknown credential")
    return passkey


def use_passkey(request: HttpRequest, purpose: str, account: Account | None, answer: str) -> Passkey | None:
    """The passkey that answered, with its account, or None; refusals are written in the journal."""
    try:
        state = _take_challenge(purpose, account, answer)
        identifier = webauthn.credential_id_of(answer)
        passkey = _passkey_named(identifier, account)
        host = cast(PortalRequest, request).host_role
        count = webauthn.signed(state, answer, bytes(passkey.credential), host)
    except webauthn.BadAnswer as error:
        subject = account.agent_id if account else None
        audit.record("factor.refused", actor=None, subject=subject, request=request, kind="passkey", why=str(error))
        return None
    # Keys that count must go up; those kept in sync between devices always say zero (WebAuthn § 6.1.1).
    fresh = (
        Passkey.objects.filter(pk=passkey.pk, sign_count__lt=count)
        if count
        else Passkey.objects.filter(pk=passkey.pk, sign_count=0)
    )
    if not fresh.update(sign_count=count, last_used_at=now()):
        owner = passkey.account.agent_id
        audit.record("factor.refused", actor=None, subject=owner, request=request, kind="passkey", why="counter")
        return None
    return passkey


@transaction.atomic
def remove_passkey(request: HttpRequest, account: Account, identifier: int) -> None:
    """Takes a passkey away. Raises Refusal when it is not there any more."""
    passkey = account.passkeys.filter(pk=identifier).first()
    if passkey is None:
        raise Refusal(_("Cette clé d’accès est déjà retirée."))
    passkey.delete()
    _factor_removed(request, account, "passkey", name=passkey.name)


# --- Application with six digits --------------------------------------------------------------------------------------


@transaction.atomic
def add_authenticator(request: HttpRequest, account: Account, secret: bytes, typed: str) -> None:
    """Keeps the secret once the application shows the right code; the one before it is replaced. Raises Refusal."""
    step = totp.matching_step(secret, typed, now().timestamp())
    if step is None:
        raise Refusal(
            _("Ce n’est pas le bon code. Attendez le suivant et recopiez-le\u00a0; vérifiez l’heure du téléphone."),
            field="code",
        )
    Authenticator.objects.update_or_create(
        account=account,
        defaults={
            "sealed_secret": seal(secret, context=secret_context(account.pk)),
            "last_step": step,
            "created_at": now(),
            "last_used_at": now(),
        },
    )
    _factor_added(request, account, "totp")


def use_totp(account: Account, typed: str) -> bool:
    """Whether a code of the application is right; the base refuses it a second time, whoever asks and wherever."""
    known = Authenticator.objects.filter(account=account).first()
    if known is None:
        return False
    secret = unseal(bytes(known.sealed_secret), context=secret_context(account.pk))
    step = totp.matching_step(secret, typed, now().timestamp())
    if step is None:
        return False
    used = Authenticator.objects.filter(pk=known.pk, last_step__lt=step)
    return bool(used.update(last_step=step, last_used_at=now()))


@transaction.atomic
def remove_authenticator(request: HttpRequest, account: Account) -> None:
    """Takes the application away. Raises Refusal when there is none."""
    if not Authenticator.objects.filter(account=account).delete()[0]:
        raise Refusal(_("Aucune application n’est enregistrée."))
    _factor_removed(request, account, "totp")


# --- Printed card -----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_card(account: Account, by: Agent, *, request: HttpRequest) -> tuple[Card, list[str]]:
    """A new card and its codes, which are known this once only.

    The agent's own is active at once, in place of the one before. Somebody else's waits for its hand-over.
    """
    own = by.pk == account.agent_id
    Account.objects.select_for_update().get(pk=account.pk)
    Card.objects.filter(account=account, active_from__isnull=not own).delete()
    card = Card.objects.create(
        account=account,
        made_by=by,
        made_at=now(),
        active_from=now() if own else None,
        handed_by=by if own else None,
    )
    printed = [codes.new_code() for _number in range(settings.NOMADE.card_codes)]
    CardCode.objects.bulk_create(
        CardCode(card=card, number=number, digest=make_password(codes.typed(code)))
        for number, code in enumerate(printed, start=1)
    )
    if own:
        _factor_added(request, account, "card")
    else:
        audit.record("card.made", actor=by.pk, subject=account.agent_id, request=request)
    return card, printed


@transaction.atomic
def hand_card_over(card: Card, by: Agent, *, request: HttpRequest) -> None:
    """The card is in its owner's hands: from now on its codes serve, and those of the card before do not."""
    if card.active_from is not None:
        raise Refusal(_("La remise de cette carte est déjà enregistrée."))
    Card.objects.filter(account_id=card.account_id, active_from__isnull=False).delete()
    card.active_from, card.handed_by = now(), by
    card.save(update_fields=["active_from", "handed_by"])
    trust.forget_all(card.account)
    audit.record("factor.added", actor=by.pk, subject=card.account.agent_id, request=request, kind="card")
    said = _("Carte de codes remise par %(name)s.") % {"name": by.full_name}
    tell(card.account.agent, Event.FACTOR_CHANGED, said)


def next_code(account: Account) -> CardCode | None:
    """The code that the card must show now: the first that has not served, so that it does not change by asking."""
    return (
        CardCode.objects.filter(card__account=account, card__active_from__isnull=False, used_at__isnull=True)
        .order_by("number")
        .select_related("card")
        .first()
    )


def use_card(account: Account, typed: str) -> Card | None:
    """The card whose expected code was typed, used up by it, or None."""
    code = next_code(account)
    if code is None or not check_password(codes.typed(typed), code.digest):
        return None
    if not CardCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now()):
        return None
    return code.card


@transaction.atomic
def remove_card(request: HttpRequest, account: Account) -> None:
    """The card opens nothing any more. Raises Refusal when there is none."""
    if not Card.objects.filter(account=account, active_from__isnull=False).delete()[0]:
        raise Refusal(_("Aucune carte n’est active."))
    _factor_removed(request, account, "card")


# --- Any of them ------------------------------------------------------------------------------------------------------


def right_code(account: Account, typed: str) -> Callable[[], str]:
    """A question to ask within limits: which factor the typed code is of (« totp », « card »), or nothing."""

    def ask() -> str:
        if codes.is_code(typed):
            return "card" if use_card(account, typed) else ""
        return "totp" if use_totp(account, typed) else ""

    return ask


@transaction.atomic
def forget_browser(request: HttpRequest, account: Account, identifier: int) -> None:
    """A browser that will ask for the second factor again."""
    TrustedBrowser.objects.filter(account=account, pk=identifier).delete()
    audit.record("browser.distrusted", actor=account.agent_id, subject=account.agent_id, request=request)


def postpone(request: HttpRequest, account: Account) -> None:
    """« Plus tard »: the days of grace begin, if they have not."""
    account.factor_grace_from = account.factor_grace_from or now()
    account.factor_postponed = True
    account.save(update_fields=["factor_grace_from", "factor_postponed"])
    audit.record("factor.postponed", actor=account.agent_id, subject=account.agent_id, request=request)


def _factor_added(request: HttpRequest, account: Account, kind: str, **facts: str) -> None:
    trust.forget_all(account)
    row = cast(SessionStore, request.session).row
    if row is not None:
        renew(request, account, row, factor=kind)
    audit.record("factor.added", actor=account.agent_id, subject=account.agent_id, request=request, kind=kind, **facts)
    tell(account.agent, Event.FACTOR_CHANGED, _("Ajouté\u00a0: %(what)s.") % {"what": _named(kind)})


def _factor_removed(request: HttpRequest, account: Account, kind: str, **facts: str) -> None:
    trust.forget_all(account)
    row = cast(SessionStore, request.session).row
    others = Session.objects.filter(account=account)
    if row is not None:
        others = others.exclude(family=row.family)
    others.end(EndReason.FACTOR)
    audit.record(
        "factor.removed", actor=account.agent_id, subject=account.agent_id, request=request, kind=kind, **facts
    )
    tell(account.agent, Event.FACTOR_CHANGED, _("Retiré\u00a0: %(what)s.") % {"what": _named(kind)})


def _named(kind: str) -> str:
    names = {"passkey": _("clé d’accès"), "totp": _("application de codes"), "card": _("carte de codes")}
    return names[kind]


@transaction.atomic
def end_sign_ins(request: HttpRequest, account: Account, sessions: SessionQuerySet) -> int:
    """Signs an agent out elsewhere; returns how many devices were open."""
    families = list(sessions.living().values_list("family", flat=True).distinct())
    if families:
        Session.objects.filter(account=account, family__in=families).end(EndReason.REMOTE)
        agent = account.agent_id
        audit.record("session.ended", actor=agent, subject=agent, request=request, reason="remote", count=len(families))
        said = _("Appareils déconnectés depuis «\u00a0Mes appareils\u00a0»\u00a0: %(count)d.") % {
            "count": len(families)
        }
        tell(account.agent, Event.SESSIONS_CLOSED, said)
    return len(families)
