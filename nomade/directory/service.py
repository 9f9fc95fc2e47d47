"""What the portal needs to know of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from nomade.directory import access
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

FOUND_SHOWN = 8


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """Colleagues."""
    return [
        SearchResult(
            title=entry.agent.full_name,
            detail=", ".join(filter(None, [entry.post, entry.unit.label if entry.unit else ""])),
            url=reverse("directory:person", args=[entry.pk]),
            icon="user",
        )
        for entry in access.search(text, limit=FOUND_SHOWN).entries
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """What an agent chose to show, and whom they keep at hand."""
    return {
        "shows_mobile": access.visibility_of(agent).shows_mobile,
        "favourites": [entry.agent.full_name for entry in access.favourites_of(agent)],
    }


SERVICE = Service(
    key="directory",
    label=gettext_lazy("Annuaire"),
    prefix="annuaire/",
    urls="nomade.directory.urls",
    summary=gettext_lazy("Trouver un collègue ou un service."),
    keywords=gettext_lazy("collègue personne téléphone organigramme unité contact"),
    help="directory/_help.html",
    menu=MenuEntry(icon="users", order=70),
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Fiche de l’annuaire",
            duration="jusqu’au départ, puis marquée « a quitté » pendant la durée réglée (30 jours)",
            source="CNIL, référentiel de gestion du personnel 2019-160",
        ),
    ),
)
