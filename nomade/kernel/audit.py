"""Writing the journal, and chaining it so that a change made behind the portal's back shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, cast

from django.db import connection, transaction
from django.http import HttpRequest

from nomade.kernel.http import PortalRequest
from nomade.kernel.models import AuditEvent, AuditPurge, AuditSeal
from nomade.kernel.prepared import prepared_cursor
from nomade.kernel.readonly import allow_writes

# By hand: most pages write one, and the ORM takes longer to say it than PostgreSQL to do it.
_RECORD = """
INSERT INTO kernel_auditevent (event, actor_id, subject_id, address, zone, reference, facts)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
"""


def record(
    event: str, *, actor: int | None, subject: int | None, request: HttpRequest | None = None, **facts: Any
) -> None:
    """Adds one fact to the journal, in the transaction of what it tells.

    `event` reads « thing.done » (`payslip.viewed`); `actor` and `subject` are agents' ids; `facts` hold what is needed
    to understand the event later, never a secret nor the content that was read.
    """
    seen = cast(PortalRequest, request) if hasattr(request, "reference") else None
    where = (seen.client_address, seen.zone, seen.reference) if seen else (None, "", "")
    with allow_writes("audit"), prepared_cursor() as cursor:
        cursor.execute(_RECORD, (event, actor, subject, *where, json.dumps(facts)))


def record_many(event: str, subjects: Iterable[int], **facts: Any) -> None:
    """The same fact about many agents, made by a command: one statement for all."""
    rows = [AuditEvent(event=event, subject_id=subject, zone="", reference="", facts=facts) for subject in subjects]
    with allow_writes("audit"):
        AuditEvent.objects.bulk_create(rows, batch_size=2000)


@transaction.atomic
def seal_journal() -> int:
    """Chains the events committed since the last link; returns how many. Run by a periodic job, one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nomade.audit'))")
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
    last = AuditSeal.objects.order_by("-id").first()
    events = _between(last.below_transaction if last else 0, horizon)
    count, digest = _digest(last.digest if last else "", events.iterator(chunk_size=2000))
    if count:
        AuditSeal.objects.create(below_transaction=horizon, events=count, digest=digest)
    return count


def first_broken_link() -> AuditSeal | None:
    """The first link whose events are no longer those that were sealed, or None when the journal is whole."""
    below, previous = 0, ""
    purged = AuditPurge.objects.select_related("seal").order_by("-id").first()
    if purged:
        below, previous = purged.seal.below_transaction, purged.seal.digest
    for link in AuditSeal.objects.filter(id__gt=purged.seal_id if purged else 0).order_by("id"):
        count, digest = _digest(previous, _between(below, link.below_transaction).iterator(chunk_size=2000))
        if (count, digest) != (link.events, link.digest):
            return link
        below, previous = link.below_transaction, link.digest
    return None


def events_of(link: int) -> Any:
    """The events of a link, in the order in which they were sealed."""
    seal = AuditSeal.objects.get(pk=link)
    before = AuditSeal.objects.filter(id__lt=link).order_by("-id").first()
    return _between(before.below_transaction if before else 0, seal.below_transaction).iterator(chunk_size=2000)


def _between(start: int, end: int) -> Any:
    return AuditEvent.objects.filter(transaction__gte=start, transaction__lt=end).order_by("transaction", "id")


def _digest(previous: str, events: Iterable[AuditEvent]) -> tuple[int, str]:
    running = hashlib.sha256(previous.encode())
    count = 0
    for event in events:
        fields = [event.id, event.at.isoformat(), event.event, event.actor_id, event.subject_id, event.address]
        running.update(json.dumps([*fields, event.zone, event.reference, event.facts], sort_keys=True).encode())
        count += 1
    return count, running.hexdigest()
