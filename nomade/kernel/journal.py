"""Reading the journal, and letting go of what is too old; `audit` writes and chains it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pgtrigger
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from nomade.kernel import audit
from nomade.kernel.models import AuditEvent, AuditPurge, AuditSeal

KEPT = "kernel.AuditEvent:append_only"


@dataclass(frozen=True)
class Criteria:
    """What is looked for; what is empty is not looked at. `agents` are ids: who acted, or to whom."""

    agents: Collection[int] | None = None
    event: str = ""
    start: datetime | None = None
    end: datetime | None = None
    reference: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page of the journal ended: the next one begins below."""

    at: datetime
    id: int


def events(criteria: Criteria, *, only: Collection[str] | None = None) -> QuerySet[AuditEvent]:
    """The events that match, the latest first; `only` bounds their kinds, for who may not read them all."""
    found = AuditEvent.objects.order_by("-at", "-id")
    if criteria.agents is not None:
        found = found.filter(Q(subject_id__in=criteria.agents) | Q(actor_id__in=criteria.agents))
    if criteria.event:
        found = found.filter(event=criteria.event)
    if only is not None:
        found = found.filter(event__in=only)
    if criteria.start:
        found = found.filter(at__gte=criteria.start)
    if criteria.end:
        found = found.filter(at__lt=criteria.end)
    if criteria.reference:
        found = found.filter(reference=criteria.reference)
    return found


def below(found: QuerySet[AuditEvent], place: Place) -> QuerySet[AuditEvent]:
    """What comes after a page, by its last line: as quick on the thousandth page as on the first."""
    return found.filter(Q(at__lt=place.at) | Q(at=place.at, id__lt=place.id), at__lte=place.at)


def as_json(event: AuditEvent, *, ascii_only: bool = False) -> str:
    """An event as logs are kept and sent: one JSON object, on one line."""
    fields = {
        "id": event.pk,
        "at": event.at.isoformat(),
        "event": event.event,
        "actor": event.actor_id,
        "subject": event.subject_id,
        "address": event.address,
        "zone": event.zone,
        "reference": event.reference,
        "facts": event.facts,
    }
    return json.dumps(fields, ensure_ascii=ascii_only, sort_keys=True)


# One step of the index for each kind, whatever the number of events.
_KINDS = """
WITH RECURSIVE kinds AS (
  (SELECT event FROM kernel_auditevent ORDER BY event LIMIT 1)
  UNION ALL
  SELECT (SELECT event FROM kernel_auditevent WHERE event > kinds.event ORDER BY event LIMIT 1)
  FROM kinds WHERE kinds.event IS NOT NULL)
SELECT event FROM kinds WHERE event IS NOT NULL
"""


def kinds() -> list[str]:
    """Every kind of event that the journal holds."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def purge(before: datetime) -> int:
    """Deletes the events of the links closed before an instant; returns how many.

    Whole links go, and their seals stay: the chain is checked from the last link that was let go. The deletion is
    itself an event.
    """
    done = AuditPurge.objects.order_by("-id").first()
    links = AuditSeal.objects.filter(at__lt=before, id__gt=done.seal_id if done else 0).order_by("-id")
    last = links.first()
    if last is None:
        return 0
    with pgtrigger.ignore(KEPT):
        count, _rows = AuditEvent.objects.filter(transaction__lt=last.below_transaction).delete()
    AuditPurge.objects.create(seal=last, events=count)
    audit.record("journal.purged", actor=None, subject=None, events=count, through_link=last.pk)
    return count
