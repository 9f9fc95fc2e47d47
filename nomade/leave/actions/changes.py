"""What an agent asks of a request already sent: other days, fewer days, or nothing any more."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.leave.access import KIND, may_decide
from nomade.leave.actions.ledger import give_back
from nomade.leave.actions.requests import AlreadyHandled, approve_leave, submit_leave
from nomade.leave.actions.telling import free_replacement, tell_deciders, tell_owner
from nomade.leave.models import LIVING_STATES, ChangeAsked, LeaveRequest
from nomade.leave.rules.decisions import Outcome, refusal
from nomade.leave.rules.periods import Half, Period
from nomade.leave.wording import period_phrase
from nomade.people.models import Agent


@transaction.atomic
def move_request(leave: LeaveRequest, period: Period, *, http: HttpRequest | None = None) -> LeaveRequest:
    """Other days for a request that nobody has answered: a new one takes its place at once.

    Raises AlreadyHandled when somebody answered meanwhile, Refusal when a rule says no to the new days.
    """
    leave = _locked(leave)
    if leave.state != CaseState.SUBMITTED or leave.level:
        raise AlreadyHandled(_("Cette demande a reçu une réponse entre-temps : rouvrez-la pour voir où elle en est."))
    return _replace(leave, period, by=leave.owner, http=http)


@transaction.atomic
def ask_change(
    leave: LeaveRequest,
    kind: ChangeAsked,
    period: Period | None,
    *,
    reason: str = "",
    http: HttpRequest | None = None,
) -> LeaveRequest:
    """Asks to give up a validated absence, or to move it; its days stay as they are until the answer.

    Raises Refusal when the new days could not be accepted anyway, or when the absence is no longer validated.
    """
    leave = _locked(leave)
    if leave.state != CaseState.APPROVED:
        raise AlreadyHandled(_("Cette absence n’est plus validée : rouvrez-la pour voir où elle en est."))
    if kind is ChangeAsked.MOVE:
        assert period is not None
        _try(leave, period)
        leave.wanted_first_day, leave.wanted_first_half = period.first_day, period.first_half
        leave.wanted_last_day, leave.wanted_last_half = period.last_day, period.last_half
    leave.change_asked, leave.change_asked_at, leave.change_reason = kind, now(), reason.strip()
    leave.version += 1
    leave.save()
    timeline.note(KIND, leave.pk, "change_asked", actor=leave.owner, detail=_wish(leave))
    audit.record(
        "leave.change_asked", actor=leave.owner_id, subject=leave.owner_id, request=http, reference=leave.reference
    )
    tell_deciders(leave, "leave.change_asked", _("%(name)s demande à changer son absence %(period)s"))
    return leave


@transaction.atomic
def accept_change(
    leave: LeaveRequest, *, by: Agent, version: int | None = None, http: HttpRequest | None = None
) -> LeaveRequest:
    """Gives the agent the change that was asked. Raises AlreadyHandled, or Refusal when the days are no longer free."""
    leave = _claimed(leave, by=by, version=version)
    if leave.change_asked == ChangeAsked.MOVE:
        period = wanted_period(leave)
        assert period is not None
        moved = _replace(leave, period, by=by, http=http)
        return approve_leave(moved, by=by, http=http) if may_decide(by, moved) else moved
    give_back(leave, author=by)
    _end(leave, by=by, http=http)
    tell_owner(leave, "leave.cancelled", _("Votre absence %(period)s est annulée, comme vous l’avez demandé"))
    return leave


@transaction.atomic
def decline_change(
    leave: LeaveRequest, *, by: Agent, reason: str, version: int | None = None, http: HttpRequest | None = None
) -> LeaveRequest:
    """Leaves a validated absence as it is. Raises Refusal without reasons, AlreadyHandled when too late."""
    verdict = refusal(reason)
    if verdict.outcome is Outcome.BLOCKED:
        message = _("Un refus doit dire ses raisons : écrivez le motif, il sera lu par l’agent.")
        raise Refusal(message, rule=verdict.source, field="reason")
    leave = _claimed(leave, by=by, version=version)
    _forget_wish(leave)
    leave.version += 1
    leave.save()
    timeline.note(KIND, leave.pk, "change_declined", actor=by, detail=reason.strip())
    audit.record("leave.change_declined", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)
    tell_owner(leave, "leave.change_declined", _("Votre absence %(period)s reste comme elle était validée"))
    return leave


def wanted_period(leave: LeaveRequest) -> Period | None:
    """The days that a change asks for, or None when it asks for none."""
    if leave.wanted_first_day is None or leave.wanted_last_day is None:
        return None
    halves = Half(leave.wanted_first_half), Half(leave.wanted_last_half)
    return Period(leave.wanted_first_day, leave.wanted_last_day, *halves)


def _wish(leave: LeaveRequest) -> str:
    period = wanted_period(leave)
    asked = _("Nouvelles dates : %(when)s.") % {"when": period_phrase(period)} if period else _("Annulation.")
    return f"{asked} {leave.change_reason}".strip()


def _replace(leave: LeaveRequest, period: Period, *, by: Agent, http: HttpRequest | None) -> LeaveRequest:
    """Ends a request and sends another on other days, in the same transaction."""
    give_back(leave, author=by)
    _end(leave, by=by, http=http)
    return submit_leave(
        leave.owner,
        leave.leave_type,
        period,
        comment=leave.comment,
        by=leave.entered_by,
        details=leave.details,
        replaces=leave,
        replacement=leave.replacement,
        http=http,
    )


def _try(leave: LeaveRequest, period: Period) -> None:
    """Raises the Refusal that moving would raise; nothing of the trial is kept."""
    with transaction.atomic():
        _replace(_locked(leave), period, by=leave.owner, http=None)
        transaction.set_rollback(True)


def _end(leave: LeaveRequest, *, by: Agent, http: HttpRequest | None) -> None:
    moved = leave.change_asked == ChangeAsked.MOVE or leave.state == CaseState.SUBMITTED
    _forget_wish(leave)
    free_replacement(leave)
    leave.state, leave.waits_for = CaseState.CANCELLED, ""
    leave.version += 1
    leave.save()
    timeline.note(KIND, leave.pk, "moved" if moved else "cancelled", actor=by)
    audit.record("leave.cancelled", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)


def _forget_wish(leave: LeaveRequest) -> None:
    leave.change_asked, leave.change_asked_at, leave.change_reason = "", None, ""
    leave.wanted_first_day, leave.wanted_last_day = None, None


def _locked(leave: LeaveRequest) -> LeaveRequest:
    found = LeaveRequest.objects.select_for_update(of=("self",)).select_related(
        "owner", "leave_type", "entered_by", "replacement"
    )
    return found.get(pk=leave.pk)


def _claimed(leave: LeaveRequest, *, by: Agent, version: int | None) -> LeaveRequest:
    """The request, locked, with a change still to answer by this person."""
    leave = _locked(leave)
    if leave.state not in LIVING_STATES or not leave.change_asked or version not in (None, leave.version):
        raise AlreadyHandled(_("C’est déjà traité : cette demande de changement a reçu sa réponse."))
    if not may_decide(by, leave):
        raise Refusal(_("Cette demande n’attend pas votre décision."), rule=_("nul ne décide pour soi-même"))
    return leave
