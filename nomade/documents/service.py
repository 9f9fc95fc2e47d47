"""What the portal needs to know of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.documents.access import folder_of, items_of, open_items_of, unread_by
from nomade.kernel.clock import today
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

MOST = 5


def todo(request: AgentRequest) -> list[TodoItem]:
    """What is to be read, given or acknowledged."""
    items = [
        TodoItem(
            title=_("À lire : %(title)s") % {"title": one.title},
            detail=_("Document à lire"),
            url=reverse("documents:must-read", args=[one.pk]),
            action_label=_("Lire"),
            icon="file-text",
            due=one.due_on,
        )
        for one in unread_by(request.agent)[:MOST]
    ]
    items += [
        TodoItem(
            title=_("À fournir : %(title)s") % {"title": one.collection.title},
            detail=one.reason or _("Document demandé par vos ressources humaines"),
            url=reverse("documents:item", args=[one.pk]),
            action_label=_("Fournir"),
            icon="upload",
            due=one.collection.due_on,
            urgent=one.collection.due_on < today(),
        )
        for one in open_items_of(request.agent)[:MOST]
    ]
    unsigned = folder_of(request.agent).filter(needs_acknowledgement=True, acknowledged_at__isnull=True)
    return items + [
        TodoItem(
            title=_("Accuser réception : %(title)s") % {"title": one.title},
            detail=one.type.label,
            url=reverse("documents:page", args=[one.pk]),
            action_label=_("Ouvrir"),
            icon="file-check",
        )
        for one in unsigned[:MOST]
    ]


def search(request: AgentRequest, query: str) -> list[SearchResult]:
    """One's own documents."""
    if not query.strip():
        return []
    return [
        SearchResult(one.title, one.type.label, reverse("documents:page", args=[one.pk]), "folder")
        for one in folder_of(request.agent, query=query)[:MOST]
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """What is held of an agent's documents; the files themselves are downloaded one by one."""
    return {
        "documents": [
            {
                "type": one.type_id,
                "title": one.title,
                "dated_on": one.dated_on.isoformat(),
                "origin": one.origin,
                "deposited_at": one.deposited_at.isoformat(),
                "acknowledged_at": one.acknowledged_at.isoformat() if one.acknowledged_at else None,
                "sha256": one.file.sha256,
            }
            for one in folder_of(agent).select_related("file")
        ],
        "requested": [
            {
                "title": one.collection.title,
                "state": one.state,
                "expires_on": one.expires_on.isoformat() if one.expires_on else None,
            }
            for one in items_of(agent)
        ],
    }


SERVICE = Service(
    key="documents",
    label=gettext_lazy("Mes documents"),
    prefix="documents/",
    urls="nomade.documents.urls",
    menu=MenuEntry(icon="folder", order=15, short_label=gettext_lazy("Documents")),
    todo=todo,
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Documents du dossier, selon leur type (Mes documents, Gestion, Conservation)",
            duration="de 5 ans à 80 ans après la naissance ; retrait sur visa de l’archiviste",
            source="arrêté du 21 décembre 2012, CNIL 2019-160",
        ),
    ),
)
