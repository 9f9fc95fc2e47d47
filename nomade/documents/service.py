"""What the portal needs to know of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from nomade.documents.access import folder_of, items_of, waiting_for
from nomade.kernel.clock import today
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

MOST = 5


_WAITING = {
    "read": (
        gettext_lazy("À lire : %(title)s"),
        gettext_lazy("Document à lire"),
        "must-read",
        gettext_lazy("Lire"),
        "file-text",
    ),
    "give": (
        gettext_lazy("À fournir : %(title)s"),
        gettext_lazy("Document demandé par vos ressources humaines"),
        "item",
        gettext_lazy("Fournir"),
        "upload",
    ),
    "sign": (gettext_lazy("Accuser réception : %(title)s"), "", "page", gettext_lazy("Ouvrir"), "file-check"),
}


def todo(request: AgentRequest) -> list[TodoItem]:
    """What is to be read, given or acknowledged."""
    day, items = today(), []
    for one in waiting_for(request.agent):
        title, detail, view, action, icon = _WAITING[one.kind]
        items.append(
            TodoItem(
                title=str(title) % {"title": one.title},
                detail=one.detail or str(detail),
                url=reverse(f"documents:{view}", args=[one.id]),
                action_label=str(action),
                icon=icon,
                due=one.due,
                urgent=one.due is not None and one.due < day,
            )
        )
    return items


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
    needs_factor_outside=True,
    summary=gettext_lazy("Retrouver ses documents, en envoyer."),
    keywords=gettext_lazy("arrêté contrat diplôme permis fichier dossier pièce"),
    topics={"document": gettext_lazy("Mes documents et ceux que l’on me demande")},
    help="documents/_help.html",
    menu=MenuEntry(icon="folder", order=15, short_label=gettext_lazy("Documents")),
    todo=todo,
    may_wait=(
        "(EXISTS (SELECT FROM documents_mustread asked WHERE NOT EXISTS (SELECT FROM documents_reading"
        " WHERE must_read_id = asked.id AND agent_id = %(agent)s))"
        " OR EXISTS (SELECT FROM documents_collectionitem WHERE agent_id = %(agent)s AND state IN ('asked', 'refused'))"
        " OR EXISTS (SELECT FROM documents_folderdocument WHERE agent_id = %(agent)s AND needs_acknowledgement"
        " AND acknowledged_at IS NULL))"
    ),
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
