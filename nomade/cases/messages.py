"""Messages about a request, both ways, with files; what a service shows of them is for it to decide."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from nomade.cases.models import CaseFile, CaseMessage
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel.clock import PARIS
from nomade.people.models import Agent


def say(
    kind: str,
    case_id: uuid.UUID,
    *,
    author: Agent | None,
    text: str,
    files: Iterable[CheckedFile] = (),
    internal: bool = False,
) -> CaseMessage:
    """Adds a message with its files, in the transaction of what it tells.

    Raises Refusal when its files are too many for the author, who must be somebody to have any.
    """
    message = CaseMessage.objects.create(kind=kind, case_id=case_id, author=author, text=text, internal=internal)
    if author is not None:
        kept = keep_all(files, owner=author, kind=kind)
        CaseFile.objects.bulk_create(CaseFile(message=message, stored=stored) for stored in kept)
    return message


def how_many(kind: str) -> Coalesce:
    """How many messages a request of a list holds, notes apart; to annotate its rows with."""
    said = CaseMessage.objects.filter(kind=kind, case_id=OuterRef("pk"), internal=False).order_by()
    counted = said.values("case_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def copies_of(kind: str, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """What an agent's copy of their data holds of the messages of some requests, in three queries; never the notes."""
    found = CaseMessage.objects.filter(kind=kind, case_id__in=case_ids, internal=False).select_related("author")
    copies: dict[uuid.UUID, list[dict[str, Any]]] = {case_id: [] for case_id in case_ids}
    for message in found.order_by("id").prefetch_related("files__stored"):
        copies[message.case_id].append(
            {
                "at": message.at.astimezone(PARIS).isoformat(),
                "author": message.author.full_name if message.author else "",
                "text": message.text,
                "files": [file.stored.name for file in message.files.all()],
            }
        )
    return copies


def file_of(kind: str, case_id: uuid.UUID, file_id: uuid.UUID, *, with_internal: bool = False) -> StoredFile:
    """A file of a message of this request. Raises Http404 for one that is not, or not for this reader."""
    found = CaseFile.objects.filter(message__kind=kind, message__case_id=case_id, stored_id=file_id)
    if not with_internal:
        found = found.filter(message__internal=False)
    file = found.select_related("stored").first()
    if file is None:
        raise Http404
    return file.stored
