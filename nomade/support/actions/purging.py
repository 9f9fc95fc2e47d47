"""Deleting what the support has kept for long enough: closed tickets, checks of identity with their acts, reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from nomade.cases import purging
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.support.actions.tickets import KIND
from nomade.support.models import IdentityCheck, PublicReport, SessionCode, Ticket, TicketStatus
from nomade.support.models.desk import IdentityProof, SupportAct

# A transaction of a reasonable size; the rest follows in the next one.
AT_ONCE = 200
A_MONTH = timedelta(days=365) / 12


@dataclass(frozen=True)
class Purged:
    """How many of each were deleted, or would be."""

    tickets: int
    checks: int
    reports: int


def _before(months: int) -> datetime:
    return now() - A_MONTH * months


def old_tickets() -> QuerySet[Ticket]:
    """Closed for longer than tickets are kept."""
    closed = Ticket.objects.filter(status=TicketStatus.CLOSED)
    return closed.filter(closed_at__lt=_before(settings.NOMADE.support_ticket_months))


def old_checks() -> QuerySet[IdentityCheck]:
    """Opened longer ago than proofs are kept, and over."""
    opened = IdentityCheck.objects.filter(opened_at__lt=_before(settings.NOMADE.support_proof_months))
    return opened.filter(expires_at__lt=now())


def old_reports() -> QuerySet[PublicReport]:
    """What people who were not signed in sent, longer ago than it is kept."""
    return PublicReport.objects.filter(created_at__lt=_before(settings.NOMADE.support_report_months))


def to_purge() -> Purged:
    """What a purge would delete now."""
    return Purged(old_tickets().count(), old_checks().count(), old_reports().count())


def purge() -> Purged:
    """Deletes what is too old, by parts, and says so in the journal when there was any. Safe to run twice."""
    done = Purged(_tickets(), _checks(), old_reports().delete()[0])
    SessionCode.objects.filter(expires_at__lt=now()).delete()
    if any(asdict(done).values()):
        audit.record("support.purged", actor=None, subject=None, **asdict(done))
    return done


def _tickets() -> int:
    count = 0
    while ids := list(old_tickets().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            purging.forget(KIND, ids)
            Ticket.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return count


def _checks() -> int:
    count = 0
    while ids := list(old_checks().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            with pgtrigger.ignore("support.IdentityProof:append_only", "support.SupportAct:append_only"):
                IdentityProof.objects.filter(identity_check__in=ids).delete()
                SupportAct.objects.filter(identity_check__in=ids).delete()
            IdentityCheck.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return count
