"""Movements that requests make on counters, and what one absence does to another."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.leave.access import KIND
from nomade.leave.actions.telling import free_replacement, tell_replacement
from nomade.leave.facts import assess_remainder
from nomade.leave.models import EntryKind, LeaveRequest, LedgerEntry
from nomade.leave.rules.allocation import Allocation
from nomade.leave.rules.overlaps import remainders
from nomade.leave.rules.periods import Period
from nomade.leave.wording import period_phrase
from nomade.notifications.actions import notify
from nomade.people.models import Agent


def take(leave: LeaveRequest, allocation: Allocation, *, author: Agent) -> None:
    """Takes the shares of a request from their counters. The type may have no counter: nothing moves."""
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            counter_id=share.pot.key,
            kind=EntryKind.TAKEN,
            half_days=-share.half_days,
            date=today(),
            author=author,
            reason=_("Absence %(period)s") % {"period": period_phrase(leave.period)},
            source=leave.leave_type.source[:200],
            request=leave,
        )
        for share in allocation.shares
    )


def give_back(leave: LeaveRequest, *, author: Agent) -> None:
    """Undoes each movement of a request by an opposite one."""
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            counter_id=entry.counter_id,
            kind=EntryKind.GIVEN_BACK,
            half_days=-entry.half_days,
            date=today(),
            author=author,
            reason=_("Jours rendus : absence %(period)s") % {"period": period_phrase(leave.period)},
            source=entry.source,
            request=leave,
        )
        for entry in leave.entries.filter(kind=EntryKind.TAKEN)
    )


@transaction.atomic
def give_way(key: uuid.UUID, over: Period, *, author: Agent) -> list[LeaveRequest]:
    """An absence gives way to another over some half-days: what is left of it stays, as requests of the same state.

    Telework is cancelled by leave; leave met by an illness is given back (CJUE 21-06-2012 C-78/11). Returns what stays.
    """
    chosen = LeaveRequest.objects.select_for_update(of=("self",)).select_related("owner", "leave_type")
    leave = chosen.get(pk=key)
    state, parts = leave.state, remainders(leave.period, over)
    give_back(leave, author=author)
    free_replacement(leave)
    leave.state = CaseState.CANCELLED
    leave.version += 1
    leave.save(update_fields=["state", "version"])
    timeline.note(KIND, leave.pk, "gave_way", actor=author, detail=period_phrase(over))
    audit.record("leave.gave_way", actor=author.pk, subject=leave.owner_id, reference=leave.reference)
    kept = [part for part in (_keep(leave, part, state, author=author) for part in parts) if part is not None]
    notify(
        leave.owner,
        kind="leave.gave_way",
        title=_("Votre absence %(period)s laisse la place à une autre") % {"period": period_phrase(leave.period)},
        body=_("Les jours communs vous sont rendus.") if leave.leave_type.counter else "",
        url=leave.get_absolute_url(),
    )
    return kept


def _keep(leave: LeaveRequest, part: Period, state: str, *, author: Agent) -> LeaveRequest | None:
    """One part of an absence that gave way, counted and charged anew; None when nobody works on it."""
    counted, allocation = assess_remainder(leave.owner, leave.leave_type, part)
    if not counted.half_days:
        return None
    kept = LeaveRequest.of_period(
        part,
        owner=leave.owner,
        leave_type=leave.leave_type,
        reference=new_reference(),
        half_days=counted.half_days,
        state=state,
        submitted_at=leave.submitted_at,
        promised_on=leave.promised_on,
        comment=leave.comment,
        decided_by=leave.decided_by,
        decided_at=leave.decided_at,
        replaces=leave,
        replacement=leave.replacement,
        level=leave.level,
    )
    kept.save(force_insert=True)
    take(kept, allocation, author=author)
    timeline.note(KIND, kept.pk, "remains", actor=author, detail=leave.reference)
    if state == CaseState.APPROVED:
        tell_replacement(kept)
    return kept
