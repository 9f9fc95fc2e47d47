"""Removing documents at the end of their retention: a list, an archivist's visa, a proof."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.documents.access import may_sign
from nomade.documents.models import DepositLine, FolderDocument, Purge
from nomade.documents.paper import fingerprint_of
from nomade.documents.rules import end_of_retention
from nomade.files import store
from nomade.kernel import audit
from nomade.kernel.clock import PARIS, now, today
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

MOST = 5000


def due() -> list[FolderDocument]:
    """The documents whose retention is over today, the oldest first."""
    day = today()
    found = []
    every = FolderDocument.objects.select_related("type", "agent", "file").order_by("deposited_at")
    for document in every.iterator(chunk_size=2000):
        kind = document.type
        end = end_of_retention(
            kind.start,
            kind.years,
            deposited=document.deposited_at.astimezone(PARIS).date(),
            left=document.agent.exit_date,
            born=document.agent.birth_date,
        )
        if end is not None and end <= day:
            found.append(document)
        if len(found) == MOST:
            break
    return found


@transaction.atomic
def propose(*, by: Agent, request: HttpRequest | None = None) -> Purge:
    """The dry run, kept: what would go, and how. Raises `Refusal` when nothing is due."""
    lines = [_line(document) for document in due()]
    if not lines:
        raise Refusal(_("Aucun document n’est au bout de sa durée de conservation."))
    made = Purge.objects.create(proposed_by=by, proposed_at=now(), lines=lines)
    audit.record(
        "documents.purge_proposed", actor=by.pk, subject=None, request=request, purge=str(made.pk), documents=len(lines)
    )
    return made


def _line(document: FolderDocument) -> list[str]:
    return [
        str(document.pk),
        document.type.label,
        document.agent.matricule,
        document.dated_on.isoformat(),
        document.file.sha256,
        str(document.type.get_final_display()),
    ]


@transaction.atomic
def sign_and_remove(purge: Purge, *, by: Agent, request: HttpRequest | None = None) -> int:
    """The archivist's visa, then the removal of what is still due; returns how many went. Raises `Refusal`."""
    locked = Purge.objects.select_for_update().get(pk=purge.pk)
    if not may_sign(by) or locked.proposed_by_id == by.pk:
        raise Refusal(_("Le visa est donné par l’archiviste, jamais par la personne qui a proposé la liste."))
    if locked.done_at:
        raise Refusal(_("Cette liste a déjà été traitée."))
    wanted = {line[0] for line in locked.lines}
    going = [document for document in due() if str(document.pk) in wanted]
    locked.signed_by, locked.signed_at, locked.done_at = by, now(), now()
    gone = {str(document.pk) for document in going}
    locked.lines = [[*line[:6], "supprimé" if line[0] in gone else "gardé"] for line in locked.lines]
    locked.save()
    for document in going:
        file = document.file
        DepositLine.objects.filter(file=file).update(file=None)
        document.delete()
        store.delete(file)
        audit.record(
            "document.purged",
            actor=by.pk,
            subject=document.agent_id,
            request=request,
            sha256=file.sha256,
            purge=str(locked.pk),
        )
    # The list itself is the proof: its fingerprint, in the journal, is that of the certificate of destruction.
    audit.record(
        "documents.purge_signed",
        actor=by.pk,
        subject=None,
        request=request,
        purge=str(locked.pk),
        documents=len(going),
        sha256=fingerprint_of(locked),
    )
    return len(going)
