"""Messages about a request, both ways, with files; what a service shows of them is for it to decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.http import Http404

from nomade.cases.models import CaseFile, CaseMessage
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile, keep_all
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


def messages_of(kind: str, case_id: uuid.UUID, *, with_internal: bool = False) -> Sequence[CaseMessage]:
    """The messages of a request in order, with authors and files, in three queries at most."""
    found = CaseMessage.objects.filter(kind=kind, case_id=case_id).select_related("author").order_by("id")
    if not with_internal:
        found = found.filter(internal=False)
    return list(found.prefetch_related("files__stored"))


def file_of(kind: str, case_id: uuid.UUID, file_id: uuid.UUID, *, with_internal: bool = False) -> StoredFile:
    """A file of a message of this request. Raises Http404 for one that is not, or not for this reader."""
    found = CaseFile.objects.filter(message__kind=kind, message__case_id=case_id, stored_id=file_id)
    if not with_internal:
        found = found.filter(message__internal=False)
    file = found.select_related("stored").first()
    if file is None:
        raise Http404
    return file.stored
