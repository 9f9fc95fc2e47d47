"""The only writers of tools."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.people.models import Agent
from nomade.tools.models import Tool, ToolFavourite


@transaction.atomic
def write_tool(tool: Tool, *, by: Agent, request: HttpRequest) -> Tool:
    """Keeps a tool as typed."""
    tool.save()
    audit.record("tool.written", actor=by.pk, subject=None, request=request, tool=tool.pk, url=tool.url)
    return tool


@transaction.atomic
def keep_first(tool: Tool, agent: Agent, *, kept: bool) -> None:
    """Puts a tool among an agent's first ones, or back among the others."""
    if kept:
        ToolFavourite.objects.get_or_create(agent=agent, tool=tool)
    else:
        ToolFavourite.objects.filter(agent=agent, tool=tool).delete()
