"""Which tools an agent sees, and who keeps the list."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.http import Http404

from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.people.access import has_role
from nomade.people.models import Agent, Assignment, RoleGrant
from nomade.people.roles import Role
from nomade.tools.models import Tool, ToolFavourite, ToolQuerySet


def tools_of(agent: Agent) -> ToolQuerySet:
    """The tools of this agent's unit and roles, favourites first; each with `kept`."""
    return _tools(agent.pk, today())


def _tools(agent: int, day: date) -> ToolQuerySet:
    placed = Assignment.objects.on(day).filter(agent_id=agent, is_main=True)
    below = Q(unit__path=OuterRef("unit__path")) | Q(unit__path__startswith=Concat(OuterRef("unit__path"), Value("/")))
    held = RoleGrant.objects.on(day).filter(agent_id=agent, role=OuterRef("role"))
    mine = Tool.objects.filter(
        Q(unit__isnull=True) | Exists(placed.filter(below)), Q(role="") | Exists(held), is_active=True
    )
    kept = mine.annotate(kept=Exists(ToolFavourite.objects.filter(agent_id=agent, tool=OuterRef("pk"))))
    return kept.order_by("-kept", "order", "sort_name", "pk")


_TOOLS: Compiled[Tool] = Compiled(_tools)


def every_tool_of(agent: Agent) -> list[Tool]:
    """All of them, read."""
    return _TOOLS.rows(agent=agent.pk, day=today())


def tool_of(agent: Agent, tool_id: int) -> Tool:
    """One of them. Raises Http404."""
    found = tools_of(agent).filter(pk=tool_id).first()
    if found is None:
        raise Http404
    return found


def may_keep_list(agent: Agent) -> bool:
    """Administrators keep the list of tools."""
    return has_role(agent, Role.ADMINISTRATOR)


def listed_tool(agent: Agent, tool_id: int) -> Tool:
    """Any tool, for who keeps the list. Raises Http404."""
    found = Tool.objects.select_related("unit").filter(pk=tool_id).first() if may_keep_list(agent) else None
    if found is None:
        raise Http404
    return found
