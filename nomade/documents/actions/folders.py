"""Putting documents in folders, one by one or many at once; saying that one has received them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.documents.access import OPENINGS, perimeter
from nomade.documents.models import Deposit, DepositLine, DepositState, DocumentType, FolderDocument
from nomade.documents.rules import owner_of
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.notifications.actions import notify, notify_many
from nomade.people.folding import fold
from nomade.people.models import Agent

KIND = "folder"
HR_ROLE = "gestionnaire RH"
SAME_OPENING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of a document, or of each of many."""

    type: DocumentType
    title: str
    dated_on: date
    needs_acknowledgement: bool = False


@transaction.atomic
def deposit_one(
    agent: Agent, file: CheckedFile, label: Label, *, by: Agent, request: HttpRequest | None = None
) -> FolderDocument:
    """Puts one document in an agent's folder, and tells them. Raises `DocumentUnavailable`."""
    kept = store.put(
        file.content,
        owner=agent,
        kind=KIND,
        name=file.name,
        content_type=file.kind.content_type,
        awaiting_scan=file.awaiting_scan,
    )
    made = _document(agent, kept, label, by=by)
    made.save(force_insert=True)
    _note_deposit(made, by, request)
    notify(agent, kind="document.deposited", title=_title(label), url=reverse("documents:page", args=[made.pk]))
    return made


def _title(label: Label) -> str:
    # The kind only: a title may say more than an e-mail should.
    kind = label.type.label
    return (
        _("Un document attend votre accusé de réception : %(kind)s")
        if label.needs_acknowledgement
        else _("Un document est dans votre dossier : %(kind)s")
    ) % {"kind": kind}


def _document(agent: Agent, kept: StoredFile, label: Label, *, by: Agent) -> FolderDocument:
    origin = by.full_name
    return FolderDocument(
        agent=agent,
        type=label.type,
        title=label.title,
        search_text=fold(f"{label.title} {label.type.label} {origin} {label.dated_on:%Y %m %d/%m/%Y}")[:400],
        dated_on=label.dated_on,
        origin=origin,
        file=kept,
        deposited_by=by,
        deposited_at=now(),
        needs_acknowledgement=label.needs_acknowledgement,
    )


def _note_deposit(made: FolderDocument, by: Agent, request: HttpRequest | None) -> None:
    audit.record(
        "document.deposited",
        actor=by.pk,
        subject=made.agent_id,
        request=request,
        document=str(made.pk),
        title=made.type.label,
        role=HR_ROLE,
    )


@transaction.atomic
def rehearse_many(
    files: Sequence[CheckedFile], label: Label, *, by: Agent, request: HttpRequest | None = None
) -> Deposit:
    """The dry run of many files: each is matched by the matricule in its name, inside the officer's perimeter.

    A file that is nobody's for certain, or somebody else's to keep, is told and not kept.
    """
    known = dict(perimeter(by).values_list("matricule", "pk"))
    deposit = Deposit.objects.create(
        type=label.type,
        title=label.title,
        dated_on=label.dated_on,
        needs_acknowledgement=label.needs_acknowledgement,
        sent_by=by,
        sent_at=now(),
    )
    owners = [owner_of(file.name, known) for file in files]
    people = Agent.objects.in_bulk([owner for owner, _problem in owners if owner])
    seen: set[int] = set()
    for file, (owner, doubt) in zip(files, owners, strict=True):
        twice = owner in seen
        problem = "second fichier pour le même agent" if twice else doubt
        agent = people[owner] if owner and not twice else None
        kept = None
        if agent is not None:
            seen.add(agent.pk)
            kept = store.put(
                file.content,
                owner=agent,
                kind=KIND,
                name=file.name,
                content_type=file.kind.content_type,
                awaiting_scan=file.awaiting_scan,
            )
        DepositLine.objects.create(deposit=deposit, name=file.name, agent=agent, file=kept, problem=problem)
    audit.record("documents.rehearsed", actor=by.pk, subject=None, request=request, deposit=str(deposit.pk))
    return deposit


@transaction.atomic
def confirm_many(deposit: Deposit, *, by: Agent, request: HttpRequest | None = None) -> int:
    """Puts the documents of a dry run in their folders; returns how many. Raises `Refusal`."""
    locked = Deposit.objects.select_for_update(of=("self",)).select_related("type", "source").get(pk=deposit.pk)
    if locked.state != DepositState.TO_CONFIRM:
        raise Refusal(_("Ce dépôt n’attend plus de confirmation."))
    if locked.sent_by_id == by.pk and settings.NOMADE.document_second_reading == "yes":
        raise Refusal(_("Vous avez envoyé ce dépôt : une autre personne des ressources humaines doit le confirmer."))
    label = Label(locked.type, locked.title, locked.dated_on, locked.needs_acknowledgement)
    lines = list(locked.lines.filter(agent__isnull=False).select_related("agent", "file"))
    if not lines:
        raise Refusal(_("Aucun fichier de ce dépôt n’a de destinataire certain : il n’y a rien à déposer."))
    made = []
    for line in lines:
        assert line.agent is not None
        assert line.file is not None
        made.append(_document(line.agent, line.file, label, by=locked.sent_by))
    FolderDocument.objects.bulk_create(made)
    for document in made:
        _note_deposit(document, by, request)
    notify_many(
        [document.agent for document in made],
        kind="document.deposited",
        title=_title(label),
        url=reverse("documents:index"),
    )
    _forget_source(locked)
    locked.state, locked.confirmed_by, locked.confirmed_at = DepositState.CONFIRMED, by, now()
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    return len(made)


@transaction.atomic
def drop_many(deposit: Deposit, *, by: Agent, request: HttpRequest | None = None) -> None:
    """Gives a dry run up; its files are removed. Raises `Refusal` once it was confirmed."""
    locked = Deposit.objects.select_for_update(of=("self",)).select_related("source").get(pk=deposit.pk)
    if locked.state not in {DepositState.TO_CONFIRM, DepositState.FAILED}:
        raise Refusal(_("Ce dépôt n’attend plus de confirmation."))
    files = [line.file for line in locked.lines.select_related("file") if line.file]
    locked.lines.update(file=None)
    for file in files:
        store.delete(file)
    _forget_source(locked)
    locked.state = DepositState.DROPPED
    locked.save(update_fields=["state"])
    audit.record("documents.dropped", actor=by.pk, subject=None, request=request, deposit=str(locked.pk))


def _forget_source(deposit: Deposit) -> None:
    """The large file is no longer needed: its parts are in folders, or nobody wanted them."""
    source = deposit.source
    if source:
        deposit.source = None
        deposit.save(update_fields=["source"])
        store.delete(source)


@transaction.atomic
def acknowledge(document: FolderDocument, *, by: Agent, request: HttpRequest | None = None) -> None:
    """Its owner says that they received it. Twice is once. Raises `Refusal` when none was asked for."""
    locked = FolderDocument.objects.select_for_update(of=("self",)).select_related("type").get(pk=document.pk)
    if not locked.needs_acknowledgement:
        raise Refusal(_("Ce document ne demande pas d’accusé de réception."))
    if locked.acknowledged_at:
        return
    locked.acknowledged_at = now()
    locked.save(update_fields=["acknowledged_at"])
    audit.record(
        "document.acknowledged",
        actor=by.pk,
        subject=locked.agent_id,
        request=request,
        document=str(locked.pk),
        title=locked.type.label,
        sha256=locked.file.sha256,
    )
    notify(
        locked.deposited_by,
        kind="document.acknowledged",
        title=_("Accusé de réception de %(name)s") % {"name": by.full_name},
        url=reverse("documents:folder", args=[by.matricule]),
        email=False,
    )


def note_reading(
    document: FolderDocument,
    *,
    by: Agent,
    role: str = "",
    request: HttpRequest | None = None,
    event: str = "document.downloaded",
) -> None:
    """An opening, told in the journal: the owner's first one is the read receipt."""
    audit.record(
        event,
        actor=by.pk,
        subject=document.agent_id,
        request=request,
        document=str(document.pk),
        title=document.type.label,
        role=role,
    )


def note_page_drawn(document: FolderDocument, *, by: Agent, request: HttpRequest | None = None) -> None:
    """A picture asked for by itself is an opening too; those of a page just opened are that same opening."""
    just_now = AuditEvent.objects.filter(
        subject_id=document.agent_id,
        actor_id=by.pk,
        event__in=OPENINGS,
        at__gt=now() - SAME_OPENING,
        facts__document=str(document.pk),
    )
    if not just_now.exists():
        note_reading(document, by=by, role=HR_ROLE, request=request, event="document.viewed")
