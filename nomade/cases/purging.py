"""Forgetting requests whose time of keeping is over: their messages, files and timeline go together."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import pgtrigger
from django.db import transaction

from nomade.cases.models import CaseEvent, CaseFile, CaseMessage
from nomade.files import store


@transaction.atomic
def forget(kind: str, cases: Collection[uuid.UUID]) -> None:
    """Deletes everything that was written about some requests; the requests themselves are for their service to delete.

    The timeline is append-only for everybody else: only this opens its trigger, for these rows.
    """
    messages = CaseMessage.objects.filter(kind=kind, case_id__in=cases)
    files = [link.stored for link in CaseFile.objects.filter(message__in=messages).select_related("stored")]
    messages.delete()
    for stored in files:
        store.delete(stored)
    with pgtrigger.ignore("cases.CaseEvent:append_only"):
        CaseEvent.objects.filter(kind=kind, case_id__in=cases).delete()
