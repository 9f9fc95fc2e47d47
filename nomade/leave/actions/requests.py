"""The only writers of requests. Each is one transaction: the row, its ledger, its timeline, the journal, the news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.access import KIND, first_step_is_empty, manages, may_decide, steps_of_circuit
from nomade.leave.actions.ledger import give_back, give_way, take
from nomade.leave.actions.telling import (
    free_replacement,
    invite,
    tell_deciders,
    tell_owner,
    tell_replacement,
    tell_submitted,
)
from nomade.leave.advice import advice_on
from nomade.leave.details import exception_in, minutes_in
from nomade.leave.facts import assess, current_law
from nomade.leave.models import Counter, LeaveDocument, LeaveRequest, LeaveType
from nomade.leave.rules.circuits import step_after
from nomade.leave.rules.decisions import Outcome, promised_answer, refusal
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.rules.requests import Finding, Stop
from nomade.leave.staffing import reserved_days
from nomade.leave.wording import refusal_of
from nomade.people.access import deciders_for
from nomade.people.models import Agent

SATURDAY = 5
DECIDED_FIELDS = (
    "state", "level", "waits_for", "reminded_at", "escalated_at",
    "decided_by", "decided_at", "decision_reason", "other_first_day", "other_last_day",
)  # fmt: skip
OVERLAP_CONSTRAINT = "leave_request_one_a_half_day"
BALANCE_CONSTRAINT = "leave_counter_not_overdrawn"


class AlreadyHandled(Refusal):
    """Somebody decided before, or the request changed since the page was shown."""


@dataclass(frozen=True)
class Hours:
    """From an hour to a later one, of one day."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


@transaction.atomic
def submit_leave(
    agent: Agent,
    leave_type: LeaveType,
    period: Period,
    *,
    comment: str = "",
    by: Agent | None = None,
    details: Mapping[str, Any] | None = None,
    hours: Hours | None = None,
    counters: Sequence[str] = (),
    documents: Sequence[CheckedFile] = (),
    replaces: LeaveRequest | None = None,
    replacement: Agent | None = None,
    http: HttpRequest | None = None,
) -> LeaveRequest:
    """Sends a request: its days leave the counters at once, the deciders are told.

    `by` typed it for the agent, who is told; nothing else changes, the decision included. Raises Refusal with the first
    rule that says no; the constraints of the base say it again for what runs in parallel.
    """
    author = by or agent
    _lock_counters(agent)
    law = current_law()
    minutes = hours.minutes if hours else minutes_in(details or {})
    assessment = assess(
        agent,
        leave_type,
        period,
        law=law,
        regularised=by is not None,
        minutes=minutes,
        exception=exception_in(leave_type, details or {}),
        counters=counters,
    )
    if not assessment.judgement.may_be_sent:
        raise refusal_of(assessment.judgement.findings[0])
    if by is None and (reserved := reserved_days(agent, leave_type, period)):
        raise reserved
    for said in advice_on(leave_type, details or {}, period, law, today(), agent=agent).refusals:
        raise said
    steps = steps_of_circuit(agent, leave_type, assessment.judgement.count.half_days)
    promised = _promise(law) if steps else None
    deciders = deciders_for(agent)
    leave = LeaveRequest.of_period(
        period,
        owner=agent,
        leave_type=leave_type,
        reference=new_reference(),
        half_days=assessment.judgement.count.half_days,
        promised_on=promised,
        escalated_at=now() if promised and first_step_is_empty(deciders, promised) else None,
        comment=comment,
        details={name: _kept(value) for name, value in (details or {}).items()},
        starts_at=hours.start if hours else None,
        ends_at=hours.end if hours else None,
        minutes=minutes,
        entered_by=by,
        replaces=replaces,
        replacement=replacement,
        waits_for=step_after(steps, 0),
        state=CaseState.SUBMITTED if steps else CaseState.APPROVED,
    )
    try:
        with transaction.atomic():
            for met in assessment.judgement.effects:
                if met.other.key is not None:
                    give_way(met.other.key, period, author=author)
            leave.save(force_insert=True)
            take(leave, assessment.judgement.allocation, author=author)
    except IntegrityError as error:
        raise _refusal_from(error) from error
    attach(leave, documents, by=author)
    timeline.note(KIND, leave.pk, "entered" if by else "submitted", actor=author, detail=comment)
    audit.record("leave.submitted", actor=author.pk, subject=agent.pk, request=http, reference=leave.reference)
    tell_submitted(leave, deciders)
    if not steps:
        tell_replacement(leave)
    return leave


def _kept(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def attach(leave: LeaveRequest, documents: Sequence[CheckedFile], *, by: Agent) -> None:
    """Keeps the supporting documents of a request, in the name of its owner."""
    kept = keep_all(documents, owner=leave.owner, kind="leave")
    LeaveDocument.objects.bulk_create(LeaveDocument(request=leave, file=file, added_by=by) for file in kept)


@transaction.atomic
def add_documents(leave: LeaveRequest, documents: Sequence[CheckedFile], *, http: HttpRequest | None = None) -> None:
    """Adds documents that come after the request. Raises Refusal without any."""
    if not documents:
        raise Refusal(_("Choisissez d’abord un fichier ou prenez une photo."), field="documents")
    attach(leave, documents, by=leave.owner)
    timeline.note(KIND, leave.pk, "document", actor=leave.owner)
    audit.record(
        "leave.document_added", actor=leave.owner_id, subject=leave.owner_id, request=http, reference=leave.reference
    )


@transaction.atomic
def approve_leave(
    leave: LeaveRequest, *, by: Agent, version: int | None = None, http: HttpRequest | None = None
) -> LeaveRequest:
    """Validates a request. Raises AlreadyHandled when somebody was faster, Refusal when `by` may not decide."""
    leave = _claim(leave, by=by, version=version)
    steps = steps_of_circuit(leave.owner, leave.leave_type, leave.half_days)
    leave.level += 1
    leave.waits_for, leave.escalated_at, leave.reminded_at = step_after(steps, leave.level), None, None
    if leave.waits_for:
        _save(leave)
        timeline.note(KIND, leave.pk, "agreed", actor=by)
        audit.record("leave.agreed", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)
        tell_deciders(leave)
        return leave
    _decide(leave, CaseState.APPROVED, by=by, reason="", http=http)
    tell_owner(leave, "leave.approved", _("Votre absence %(period)s est validée"), email=False)
    invite(leave)
    tell_replacement(leave)
    return leave


@dataclass(frozen=True)
class Batch:
    """What came of many decisions: those taken, and for each other request the sentence that says why not."""

    approved: list[LeaveRequest]
    left: list[str]


def approve_many(chosen: Sequence[tuple[LeaveRequest, int]], *, by: Agent, http: HttpRequest | None = None) -> Batch:
    """Validates several requests, each shown at a version; one that cannot be leaves the others validated."""
    approved: list[LeaveRequest] = []
    left: list[str] = []
    # Always in the same order, so that two deciders who take the same requests wait for each other without a knot.
    for leave, version in sorted(chosen, key=lambda pair: str(pair[0].pk)):
        try:
            approved.append(approve_leave(leave, by=by, version=version, http=http))
        except Refusal as refusal:
            left.append(f"{leave.owner.full_name}, {leave.when}{_(' : ')}{refusal.message}")
    return Batch(approved, left)


@transaction.atomic
def refuse_leave(
    leave: LeaveRequest,
    *,
    by: Agent,
    reason: str,
    others: tuple[date, date] | None = None,
    version: int | None = None,
    http: HttpRequest | None = None,
) -> LeaveRequest:
    """Refuses a request and gives the days back; `others` are days that would suit.

    Raises Refusal without reasons or with days in disorder, AlreadyHandled when too late.
    """
    verdict = refusal(reason)
    if verdict.outcome is Outcome.BLOCKED:
        raise Refusal(
            _("Un refus doit dire ses raisons : écrivez le motif, il sera lu par l’agent."),
            rule=verdict.source,
            field="reason",
        )
    if others is not None and not today() <= others[0] <= others[1]:
        raise Refusal(_("Les dates proposées doivent être à venir, et dans l’ordre."), field="other_first_day")
    leave = _claim(leave, by=by, version=version)
    give_back(leave, author=by)
    leave.other_first_day, leave.other_last_day = others or (None, None)
    _decide(leave, CaseState.REFUSED, by=by, reason=reason.strip(), http=http)
    tell_owner(leave, "leave.refused", _("Votre absence %(period)s est refusée"))
    return leave


@transaction.atomic
def cancel_leave(leave: LeaveRequest, *, by: Agent, reason: str = "", http: HttpRequest | None = None) -> LeaveRequest:
    """Cancels a request and gives the days back.

    Domain § 1.10: the agent alone while nobody has decided; a decider before the leave starts; HR once it has started.
    """
    leave = _locked(leave)
    if leave.state not in (CaseState.SUBMITTED, CaseState.APPROVED):
        raise _already_handled(leave)
    if not may_cancel(by, leave):
        raise Refusal(_("Vous ne pouvez pas annuler cette absence."), rule=_("circuit des demandes"))
    if leave.owner_id != by.pk and not reason.strip():
        raise Refusal(_("Dites pourquoi cette absence est annulée : l’agent le lira."), field="reason")
    give_back(leave, author=by)
    free_replacement(leave)
    leave.state = CaseState.CANCELLED
    _save(leave)
    timeline.note(KIND, leave.pk, "cancelled", actor=by, detail=reason.strip())
    audit.record("leave.cancelled", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)
    if leave.owner_id == by.pk:
        tell_deciders(leave, "leave.cancelled", _("%(name)s annule sa demande d’absence %(period)s"))
    else:
        tell_owner(leave, "leave.cancelled", _("Votre absence %(period)s est annulée"))
    return leave


def may_cancel(agent: Agent, leave: LeaveRequest) -> bool:
    """Whether somebody may cancel a request now."""
    if leave.owner_id == agent.pk:
        return leave.state == CaseState.SUBMITTED
    if leave.state != CaseState.APPROVED:
        return False
    if leave.first_day > today() and may_decide(agent, leave):
        return True
    return manages(agent, leave)


def _promise(law: Law) -> date:
    day = today()
    holidays = holidays_between(day, day.replace(year=day.year + 1, day=1), law)
    return promised_answer(day, law, lambda other: other.weekday() < SATURDAY and other not in holidays)


def _lock_counters(agent: Agent) -> None:
    """Makes requests of one agent wait for each other, so that the balances that are judged are those used."""
    list(Counter.objects.select_for_update().filter(agent=agent).order_by("pk").values("pk"))


def _locked(leave: LeaveRequest) -> LeaveRequest:
    # The decider is not joined: after a wait for the lock, the join would still be the one from before the wait.
    return LeaveRequest.objects.select_for_update(of=("self",)).select_related("owner", "leave_type").get(pk=leave.pk)


def _claim(leave: LeaveRequest, *, by: Agent, version: int | None) -> LeaveRequest:
    """The request, locked and still to decide by this person."""
    leave = _locked(leave)
    if leave.state != CaseState.SUBMITTED:
        raise _already_handled(leave)
    if version is not None and version != leave.version:
        raise AlreadyHandled(_("Cette demande a été modifiée entre-temps : relisez-la avant de décider."))
    if not may_decide(by, leave):
        raise Refusal(_("Cette demande n’attend pas votre décision."), rule=_("nul ne décide pour soi-même"))
    return leave


def _already_handled(leave: LeaveRequest) -> AlreadyHandled:
    if leave.decided_by is not None:
        return AlreadyHandled(
            _("C’est déjà traité par %(name)s : la demande est %(state)s.")
            % {"state": leave.get_state_display(), "name": leave.decided_by.full_name}
        )
    return AlreadyHandled(_("C’est déjà traité : la demande est %(state)s.") % {"state": leave.get_state_display()})


def _decide(leave: LeaveRequest, state: CaseState, *, by: Agent, reason: str, http: HttpRequest | None) -> None:
    leave.state = state
    leave.decided_by, leave.decided_at, leave.decision_reason = by, now(), reason
    _save(leave)
    timeline.note(KIND, leave.pk, state, actor=by, detail=reason)
    audit.record(f"leave.{state}", actor=by.pk, subject=leave.owner_id, request=http, reference=leave.reference)


def _save(leave: LeaveRequest) -> None:
    leave.version += 1
    leave.save(update_fields=[*DECIDED_FIELDS, "version"])


def _refusal_from(error: IntegrityError) -> Refusal:
    """A constraint of the base said no to what another request did meanwhile; anything else is a fault of ours."""
    if OVERLAP_CONSTRAINT in str(error):
        return refusal_of(Finding(Stop.OVERLAP, "une seule absence par demi-journée"))
    if BALANCE_CONSTRAINT in str(error):
        return Refusal(_("Votre solde vient de changer et ne suffit plus."), rule=_("solde du compteur"))
    raise error
