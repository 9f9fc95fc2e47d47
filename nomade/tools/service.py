"""What the portal needs to know of the tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from nomade.kernel.registry import MenuEntry, SearchResult, Service
from nomade.people.folding import fold
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.tools import access
from nomade.tools.models import ToolFavourite


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """The tools of this agent whose words begin with what is typed."""
    typed = fold(text).split()
    return [
        SearchResult(tool.name, tool.description, reverse("tools:index") + f"#outil-{tool.pk}", tool.icon)
        for tool in access.every_tool_of(request.agent)
        if all(any(word.startswith(part) for word in fold(f"{tool.name} {tool.description}").split()) for part in typed)
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """The tools an agent keeps first."""
    return {"favourites": list(ToolFavourite.objects.filter(agent=agent).values_list("tool__name", flat=True))}


SERVICE = Service(
    key="tools",
    label=gettext_lazy("Mes outils"),
    prefix="outils/",
    urls="nomade.tools.urls",
    summary=gettext_lazy("Ouvrir les autres applications de la collectivité."),
    keywords=gettext_lazy("application logiciel lien intranet métier"),
    help="tools/_help.html",
    menu=MenuEntry(icon="layout-grid", order=80),
    search=search,
    export=export,
)
