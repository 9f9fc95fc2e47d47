"""Files that the antivirus has not seen yet: kept, never served, looked at again until it answers."""

from __future__ import annotations

import logging

from django.db import transaction

from nomade.files import sealing
from nomade.files.antivirus import Verdict, scan
from nomade.files.models import StoredFile
from nomade.kernel import audit
from nomade.kernel.clock import now

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200


def look_again() -> int:
    """Scans what waits; returns how many files left the quarantine, clean or refused."""
    left = 0
    for stored in StoredFile.objects.filter(awaiting_scan=True).order_by("created_at")[:MOST_AT_ONCE]:
        verdict = scan(sealing.read_sealed(stored.storage_name, stored.id, stored.owner_id), patient=True)
        if verdict is Verdict.UNSURE:
            return left
        if verdict is Verdict.INFECTED:
            _refuse(stored)
        else:
            StoredFile.objects.filter(pk=stored.pk).update(awaiting_scan=False)
        left += 1
    return left


def _refuse(stored: StoredFile) -> None:
    """The content goes at once; the row stays, so that whoever opens it reads why."""
    with transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(awaiting_scan=False, refused_at=now())
        audit.record("file.refused_by_antivirus", actor=None, subject=stored.owner_id, file=str(stored.pk))
    sealing.remove(stored.storage_name)
