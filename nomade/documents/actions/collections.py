"""Asking many agents for a document: giving, approving, refusing, reminding, following expiries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.documents.access import audience_of, perimeter
from nomade.documents.actions.folders import KIND, _document
from nomade.documents.models import Collection, CollectionItem, DocumentType, FolderDocument, ItemState, MustRead
from nomade.documents.rules import is_reminder_due
from nomade.files import store, uploads
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent, OrgUnit


def aimed_at(by: Agent, *, unit: OrgUnit | None, status: str, matricules: Sequence[str]) -> list[Agent]:
    """The agents of the perimeter that a choice names. Raises `Refusal` for a matricule outside it, or for nobody."""
    inside = perimeter(by)
    if matricules:
        found = list(inside.filter(matricule__in=matricules))
        missing = sorted(set(matricules) - {agent.matricule for agent in found})
        if missing:
            raise Refusal(
                _("Ce matricule n’est pas dans votre périmètre : %(one)s.") % {"one": missing[0]}, field="matricules"
            )
        return found
    found = list(audience_of(MustRead(unit=unit, status=status)).filter(pk__in=inside.values("pk")))
    if not found:
        raise Refusal(_("Personne de votre périmètre ne correspond à ce choix."))
    return found


@transaction.atomic
def ask_many(
    agents: Sequence[Agent],
    *,
    title: str,
    instructions: str,
    kind: DocumentType,
    wants_expiry: bool,
    due_on: date,
    by: Agent,
    request: HttpRequest | None = None,
) -> Collection:
    """Asks each agent for a document, and tells them."""
    made = Collection.objects.create(
        title=title,
        instructions=instructions,
        type=kind,
        wants_expiry=wants_expiry,
        due_on=due_on,
        asked_by=by,
        asked_at=now(),
    )
    CollectionItem.objects.bulk_create(CollectionItem(collection=made, agent=agent) for agent in agents)
    audit.record(
        "documents.asked", actor=by.pk, subject=None, request=request, collection=str(made.pk), agents=len(agents)
    )
    notify_many(
        agents,
        kind="document.asked",
        title=_("Un document vous est demandé : %(title)s") % {"title": title},
        url=reverse("documents:index"),
    )
    return made


@transaction.atomic
def provide(
    item: CollectionItem, file: CheckedFile, *, expires_on: date | None, by: Agent, request: HttpRequest | None = None
) -> None:
    """The agent gives the document. Raises `Refusal` when it is no longer waited for, or without its date of expiry."""
    locked = _locked(item)
    if not locked.open:
        raise Refusal(_("Ce document a déjà été fourni."))
    if locked.collection.wants_expiry and (expires_on is None or expires_on <= today()):
        raise Refusal(_("Indiquez la date de fin de validité : elle doit être à venir."), field="expires_on")
    former = locked.file
    locked.file = uploads.keep_all([file], owner=by, kind="collection")[0]
    locked.expires_on = expires_on if locked.collection.wants_expiry else None
    locked.state, locked.provided_at, locked.reason = ItemState.PROVIDED, now(), ""
    locked.version += 1
    locked.save()
    if former:
        store.delete(former)
    _note("document.provided", locked, by, request)
    notify(
        locked.collection.asked_by,
        kind="document.provided",
        title=_("Document reçu de %(name)s") % {"name": by.full_name},
        url=reverse("documents:collection", args=[locked.collection_id]),
        email=False,
    )


@transaction.atomic
def answer(
    item: CollectionItem, *, approved: bool, reason: str, version: int, by: Agent, request: HttpRequest | None = None
) -> None:
    """Accepts what was given, which joins the folder, or refuses it with a reason. Raises `Refusal`."""
    locked = _locked(item)
    if locked.state != ItemState.PROVIDED or locked.version != version:
        raise Refusal(_("Cette réponse n’est plus à jour : rechargez la page."))
    if not approved and not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    locked.state = ItemState.APPROVED if approved else ItemState.REFUSED
    locked.reason, locked.answered_by, locked.answered_at = reason.strip(), by, now()
    locked.version += 1
    locked.save()
    if approved:
        _to_folder(locked)
    _note("document.approved" if approved else "document.refused", locked, by, request)
    said = _("Document accepté : %(title)s") if approved else _("Document à fournir de nouveau : %(title)s")
    notify(
        locked.agent,
        kind="document.answered",
        title=said % {"title": locked.collection.title},
        url=reverse("documents:item", args=[locked.pk]),
    )


def _to_folder(locked: CollectionItem) -> None:
    """A copy joins the folder under its own type, as given by its owner."""
    assert locked.file is not None
    from nomade.documents.actions.folders import Label

    collection = locked.collection
    kept = store.put(
        store.read(locked.file),
        owner=locked.agent,
        kind=KIND,
        name=locked.file.name,
        content_type=locked.file.content_type,
    )
    label = Label(collection.type, collection.title, today())
    made: FolderDocument = _document(locked.agent, kept, label, by=locked.agent)
    made.save(force_insert=True)


def _locked(item: CollectionItem) -> CollectionItem:
    return (
        CollectionItem.objects.select_for_update(of=("self",))
        .select_related("collection__type", "collection__asked_by", "agent", "file")
        .get(pk=item.pk)
    )


def _note(event: str, item: CollectionItem, by: Agent, request: HttpRequest | None) -> None:
    audit.record(
        event, actor=by.pk, subject=item.agent_id, request=request, item=str(item.pk), title=item.collection.title
    )


@transaction.atomic
def remind() -> int:
    """Reminds those who have not given or acknowledged yet, and of what expires soon; returns how many were told."""
    every, at = settings.NOMADE.document_reminder_days, now()
    told = 0
    waiting = CollectionItem.objects.select_for_update(of=("self",)).filter(
        state__in=[ItemState.ASKED, ItemState.REFUSED]
    )
    for item in waiting.select_related("collection", "agent"):
        since = item.answered_at or item.collection.asked_at
        if is_reminder_due(since, item.reminded_at, at, every_days=every):
            title = _("Rappel : un document est attendu, %(title)s") % {"title": item.collection.title}
            told += _tell(item, title, reverse("documents:item", args=[item.pk]))
    soon = today() + timedelta(days=settings.NOMADE.document_expiry_days)
    ending = CollectionItem.objects.select_for_update(of=("self",)).filter(
        state=ItemState.APPROVED, expires_on__lte=soon
    )
    for item in ending.select_related("collection", "agent"):
        if is_reminder_due(item.answered_at or at, item.reminded_at, at, every_days=every):
            title = _("Bientôt périmé : %(title)s") % {"title": item.collection.title}
            told += _tell(item, title, reverse("documents:item", args=[item.pk]))
    unsigned = FolderDocument.objects.select_for_update(of=("self",)).filter(
        needs_acknowledgement=True, acknowledged_at__isnull=True
    )
    for document in unsigned.select_related("agent"):
        if is_reminder_due(document.deposited_at, document.reminded_at, at, every_days=every):
            title = _("Rappel : un document attend votre accusé de réception")
            told += _tell(document, title, reverse("documents:page", args=[document.pk]))
    return told


def _tell(row: CollectionItem | FolderDocument, title: str, url: str) -> int:
    notify(row.agent, kind="document.reminder", title=title, url=url)
    row.reminded_at = now()
    row.save(update_fields=["reminded_at"])
    return 1
