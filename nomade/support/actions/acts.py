"""What a technician does to an account, once it is sure who is asking. The passwords are never chosen here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts import actions as accounts
from nomade.accounts import helpdesk
from nomade.accounts.directories.passwords import refuse_if_kept_there
from nomade.accounts.models import Account
from nomade.accounts.passwords.lifecycle import Kind
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify
from nomade.people.models import Agent
from nomade.support.models import IdentityCheck, SupportAct
from nomade.support.models.desk import ActKind
from nomade.support.rules.proofs import Check, Missing, ProofKind, missing

TOLD = {
    ActKind.UNLOCK: "support.unlocked",
    ActKind.RESET: "support.reset",
    ActKind.VOID_FACTORS: "support.factors_voided",
    ActKind.END_SESSIONS: "support.sessions_ended",
}


class NotProved(PermissionDenied):
    """Something stands in the way of the act; `missing` says what. Answered with 403."""

    def __init__(self, reasons: list[Missing]) -> None:
        super().__init__(", ".join(reasons))
        self.missing = reasons


class AlreadyDone(Refusal):
    """The same act under the same check: a code that was shown once is not shown again."""


def facts_of(check: IdentityCheck) -> Check:
    """What the rule needs to know of a check."""
    return Check(
        proofs=[ProofKind(proof.kind) for proof in check.proofs.all()],
        expires_at=check.expires_at,
        refused=check.refused_at is not None,
        own_account=check.agent_id == check.technician_id,
        privileged=check.privileged,
        seconded=check.seconded_by_id is not None,
        waits_until=check.waits_until,
    )


def standing_in_the_way(check: IdentityCheck) -> list[Missing]:
    """What a technician still needs before acting; nothing when everything is there."""
    return missing(facts_of(check), needed=settings.NOMADE.support_proofs, now=now())


def act(check: IdentityCheck, kind: ActKind, *, by: Agent, http: HttpRequest | None = None) -> str:
    """Does one act under a check, once; accounts tell the agent. Returns a reset’s provisional password, or nothing.

    Raises NotProved (403, and a line of the journal) when the identity is not proved, AlreadyDone the second time.
    """
    reasons = [Missing.REFUSED] if check.technician_id != by.pk else standing_in_the_way(check)
    if reasons:
        audit.record(
            "support.act_refused", actor=by.pk, subject=check.agent_id, request=http, kind=kind, missing=reasons
        )
        raise NotProved(reasons)
    return _do(check, kind, by=by, http=http)


@transaction.atomic
def _do(check: IdentityCheck, kind: ActKind, *, by: Agent, http: HttpRequest | None) -> str:
    check = IdentityCheck.objects.select_for_update(of=("self",)).select_related("agent__account").get(pk=check.pk)
    reasons = standing_in_the_way(check)  # again, now that nobody can change it
    if reasons:
        raise NotProved(reasons)
    _written, fresh = SupportAct.objects.get_or_create(identity_check=check, kind=kind, defaults={"technician": by})
    if not fresh:
        raise AlreadyDone(_("C’est déjà fait. Pour recommencer, ouvrez une nouvelle vérification."))
    secret = ACTS[kind](check.agent.account, by) or ""
    audit.record(
        TOLD[kind],
        actor=by.pk,
        subject=check.agent_id,
        request=http,
        check=str(check.pk),
        proofs=sorted(check.proofs.values_list("kind", flat=True)),
        seconded_by=check.seconded_by_id,
    )
    return secret


def _unlock(account: Account, by: Agent) -> None:
    accounts.unlock(account, actor=by.pk)


def _reset(account: Account, by: Agent) -> str:
    """A provisional password; the account is opened again, or the agent could not use it.

    Raises Refusal when the directory keeps the password.
    """
    refuse_if_kept_there(account)
    if account.locked_at is not None:
        accounts.unlock(account, actor=by.pk)
    code = accounts.give_provisional_password(account, actor=by.pk, kind=Kind.RESET)
    _close_sensitive_changes(account, by)
    return code


def _void_factors(account: Account, by: Agent) -> None:
    helpdesk.void_factors(account, actor=by.pk)
    _close_sensitive_changes(account, by)


def _close_sensitive_changes(account: Account, by: Agent) -> None:
    """Neither IBAN nor recovery data for a day: an intruder who fooled the desk gets no further."""
    until = now() + timedelta(hours=settings.NOMADE.support_closed_hours)
    helpdesk.close_sensitive_changes(account, until=until, actor=by.pk)


def _end_sessions(account: Account, by: Agent) -> None:
    helpdesk.end_sessions(account, actor=by.pk)


ACTS: dict[ActKind, Callable[[Account, Agent], str | None]] = {
    ActKind.UNLOCK: _unlock,
    ActKind.RESET: _reset,
    ActKind.VOID_FACTORS: _void_factors,
    ActKind.END_SESSIONS: _end_sessions,
}


@transaction.atomic
def wait_instead(check: IdentityCheck, *, by: Agent, http: HttpRequest | None = None) -> datetime:
    """Where no second technician exists: starts the delay, and tells the authority and the agent.

    Raises Refusal where the organisation has a second technician, or while the proofs are not there.
    """
    if settings.NOMADE.support_second_technician:
        raise Refusal(_("Un second technicien doit donner son accord."))
    check = IdentityCheck.objects.select_for_update(of=("self",)).select_related("agent").get(pk=check.pk)
    reasons: list[Missing] = [why for why in standing_in_the_way(check) if why != Missing.SECOND_TECHNICIAN]
    if reasons or check.technician_id != by.pk:
        raise NotProved(reasons or [Missing.REFUSED])
    if check.waits_until is None:
        delay = timedelta(hours=settings.NOMADE.support_delay_hours)
        check.waits_until = now() + delay
        check.expires_at = check.waits_until + timedelta(minutes=settings.NOMADE.support_check_minutes)
        check.save(update_fields=["waits_until", "expires_at"])
        audit.record("support.delayed", actor=by.pk, subject=check.agent_id, request=http, check=str(check.pk))
        for told in filter(None, (authority(), check.agent)):
            notify(
                told,
                kind="support.delayed",
                title=_("Le support agira sur le compte de %(name)s dans %(hours)s h")
                % {"name": check.agent.full_name, "hours": settings.NOMADE.support_delay_hours},
                body=_("Si ce n’est pas normal, arrêtez-le depuis le portail ou appelez le support."),
                url=check.authority_url(),
            )
    return check.waits_until


@transaction.atomic
def stop(check: IdentityCheck, *, by: Agent, http: HttpRequest | None = None) -> None:
    """The agent or the authority says no during the delay. Twice is once."""
    check = IdentityCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if check.refused_at is None:
        check.refused_at, check.refused_reason = now(), "stopped"
        check.save(update_fields=["refused_at", "refused_reason"])
        audit.record("support.stopped", actor=by.pk, subject=check.agent_id, request=http, check=str(check.pk))


def authority() -> Agent | None:
    """Who is told of what one technician does alone (NOMADE_SUPPORT_AUTHORITY), or nobody."""
    login = settings.NOMADE.support_authority
    return Agent.objects.filter(login__iexact=login).first() if login else None
