"""Making sure of who is asking: checks, proofs, second technician. Nothing here touches an account."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts.models import Account
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import deciders_for, is_privileged
from nomade.people.models import Agent
from nomade.support.models import IdentityCheck, IdentityProof, SessionCode
from nomade.support.rules.proofs import ProofKind

CODE_DIGITS = 8
# The proofs that a technician attests alone.
SEEN_BY_TECHNICIAN = (ProofKind.CALLBACK, ProofKind.BADGE)


@transaction.atomic
def open_check(agent: Agent, *, by: Agent, http: HttpRequest | None = None) -> IdentityCheck:
    """Starts a check, or gives the one that this technician has open for this agent.

    Raises Refusal for an agent who has no account yet.
    """
    if not Account.objects.filter(agent=agent).exists():
        raise Refusal(_("Cet agent n’a pas encore de compte : les RH lui remettent une lettre d’activation."))
    going_on = IdentityCheck.objects.filter(
        agent=agent, technician=by, expires_at__gt=now(), refused_at__isnull=True, acts__isnull=True
    ).first()
    if going_on is not None:
        return going_on
    moment = now()
    check = IdentityCheck.objects.create(
        agent=agent,
        technician=by,
        opened_at=moment,
        expires_at=moment + timedelta(minutes=settings.NOMADE.support_check_minutes),
        privileged=is_privileged(agent.pk),
    )
    audit.record("support.check_opened", actor=by.pk, subject=agent.pk, request=http, check=str(check.pk))
    return check


@transaction.atomic
def attest(
    check: IdentityCheck, kind: ProofKind, *, by: Agent, detail: str = "", http: HttpRequest | None = None
) -> None:
    """Keeps what the technician did: call back on the number that HR knows, badge seen face to face.

    Raises Refusal for another kind, another technician, a check that is over.
    """
    check = _open(check, by=by)
    if kind not in SEEN_BY_TECHNICIAN:
        raise Refusal(_("Cette preuve ne se déclare pas : elle vient de l’agent ou de son responsable."))
    if kind == ProofKind.CALLBACK and not (check.agent.phone or check.agent.mobile):
        raise Refusal(_("Les RH ne connaissent aucun numéro pour cet agent : choisissez une autre preuve."))
    _keep(check, kind, by=by, detail=detail, http=http)


@transaction.atomic
def ask_supervisor(check: IdentityCheck, *, by: Agent, http: HttpRequest | None = None) -> list[Agent]:
    """Asks the supervisor and their delegates to confirm in their own session. Returns whom; may raise Refusal."""
    check = _open(check, by=by)
    asked = [decider for decider in deciders_for(check.agent) if decider.pk != by.pk]
    if not asked:
        raise Refusal(_("Aucun responsable n’est connu pour cet agent : choisissez une autre preuve."))
    check.asked_supervisor_at = now()
    check.save(update_fields=["asked_supervisor_at"])
    audit.record(
        "support.supervisor_asked", actor=by.pk, subject=check.agent_id, request=http, asked=[a.pk for a in asked]
    )
    notify_many(
        asked,
        kind="support.confirmation",
        title=_("%(name)s demande de l’aide au support : confirmez-vous ?") % {"name": check.agent.full_name},
        url=check.confirmation_url(),
    )
    return asked


@transaction.atomic
def confirm(check: IdentityCheck, *, by: Agent, says: bool, http: HttpRequest | None = None) -> None:
    """The supervisor's word. « No » ends the check: somebody is pretending. Raises Refusal when it comes too late."""
    check = IdentityCheck.objects.select_for_update(of=("self",)).select_related("agent").get(pk=check.pk)
    if by.pk in (check.technician_id, check.agent_id):
        raise Refusal(_("Cette confirmation ne peut pas venir de vous."))
    if check.refused_at is not None or not supervisor_may_answer(check):
        raise Refusal(_("Cette demande de confirmation n’est plus valable : le support vous en enverra une autre."))
    if says:
        _keep(check, ProofKind.SUPERVISOR, by=by, http=http)
        return
    check.refused_at, check.refused_reason = now(), "supervisor"
    check.save(update_fields=["refused_at", "refused_reason"])
    audit.record("support.supervisor_refused", actor=by.pk, subject=check.agent_id, request=http, check=str(check.pk))
    notify(
        check.technician,
        kind="support.refused",
        title=_("Le responsable de %(name)s ne confirme pas : ne débloquez rien") % {"name": check.agent.full_name},
        url="/assistance/",
    )


def supervisor_may_answer(check: IdentityCheck) -> bool:
    """Whether the answer of the supervisor still counts."""
    if check.asked_supervisor_at is None or check.expires_at <= now():
        return False
    return check.asked_supervisor_at + timedelta(minutes=settings.NOMADE.support_confirmation_minutes) > now()


@transaction.atomic
def new_session_code(agent: Agent, *, http: HttpRequest | None = None) -> str:
    """A code to read to the technician, in place of the one before; it is shown once and proves an open session."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    SessionCode.objects.update_or_create(
        agent=agent,
        defaults={
            "digest": _digest(agent, code),
            "expires_at": now() + timedelta(minutes=settings.NOMADE.support_code_minutes),
        },
    )
    audit.record("support.code_shown", actor=agent.pk, subject=agent.pk, request=http)
    return code


def enter_code(check: IdentityCheck, code: str, *, by: Agent, http: HttpRequest | None = None) -> bool:
    """Uses up the code that the agent reads; False when it is wrong or late. Too many wrong ones end the check."""
    with transaction.atomic():
        check = _open(check, by=by)
        kept = SessionCode.objects.select_for_update().filter(agent=check.agent, expires_at__gt=now()).first()
        typed = _digest(check.agent, "".join(sign for sign in code if sign.isdigit()))
        if kept is not None and hmac.compare_digest(kept.digest, typed):
            kept.delete()
            _keep(check, ProofKind.SESSION_CODE, by=by, http=http)
            return True
        check.wrong_codes += 1
        if check.wrong_codes >= settings.NOMADE.support_code_tries:
            check.refused_at, check.refused_reason = now(), "codes"
        check.save(update_fields=["wrong_codes", "refused_at", "refused_reason"])
        audit.record("support.code_wrong", actor=by.pk, subject=check.agent_id, request=http, check=str(check.pk))
    return False


@transaction.atomic
def second(check: IdentityCheck, *, by: Agent, http: HttpRequest | None = None) -> None:
    """A second technician looks at the proofs and agrees. Raises Refusal for the first one, or the agent."""
    check = IdentityCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if by.pk in (check.technician_id, check.agent_id):
        raise Refusal(_("L’accord doit venir d’un autre technicien."))
    if check.expires_at <= now() or check.refused_at is not None:
        raise Refusal(_("Cette vérification n’est plus valable : recommencez-la."))
    if check.seconded_by_id is None:
        check.seconded_by, check.seconded_at = by, now()
        check.save(update_fields=["seconded_by", "seconded_at"])
        audit.record("support.seconded", actor=by.pk, subject=check.agent_id, request=http, check=str(check.pk))


def _open(check: IdentityCheck, *, by: Agent) -> IdentityCheck:
    """The check, locked, still going on and led by this technician. Raises Refusal."""
    found = IdentityCheck.objects.select_for_update(of=("self",)).select_related("agent").get(pk=check.pk)
    if found.technician_id != by.pk:
        raise Refusal(_("Cette vérification est menée par un autre technicien."))
    if found.expires_at <= now() or found.refused_at is not None:
        raise Refusal(_("Cette vérification n’est plus valable : recommencez-la."))
    return found


def _keep(
    check: IdentityCheck, kind: ProofKind, *, by: Agent, detail: str = "", http: HttpRequest | None = None
) -> None:
    try:
        with transaction.atomic():
            IdentityProof.objects.create(identity_check=check, kind=kind, attested_by=by, detail=detail)
    except IntegrityError:  # the same proof sent twice: it is there
        return
    audit.record("support.proof", actor=by.pk, subject=check.agent_id, request=http, kind=kind, check=str(check.pk))


def _digest(agent: Agent, code: str) -> str:
    """Eight digits would be guessed from a bare hash: the key of the installation is needed too."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"support-code:{agent.pk}:{code}".encode(), hashlib.sha256).hexdigest()
