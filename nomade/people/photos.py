"""Whose photograph may be shown, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from nomade.kernel.clock import today
from nomade.people.models import Agent, AgentPhoto


def photo_of(agent: Agent) -> AgentPhoto | None:
    """An agent's own photograph, shown to others or not."""
    return AgentPhoto.objects.filter(pk=agent.pk).first()


def photo_seen_by(viewer: Agent, agent_id: int) -> AgentPhoto | None:
    """The photograph of somebody as a colleague may see it: its owner's choice, while they are here; one's own always.

    None for everything else: absent and hidden are the same.
    """
    found = AgentPhoto.objects.filter(pk=agent_id)
    if viewer.pk != agent_id:
        gone = Q(agent__exit_date__lt=today())
        found = found.filter(visible=True).exclude(gone)
    return found.first()


def shown_photos(agent_ids: Iterable[int]) -> dict[int, UUID]:
    """Those of some agents whose photograph colleagues may see, with its file (another one at each change); 1 query."""
    shown = AgentPhoto.objects.filter(pk__in=list(agent_ids), visible=True).exclude(agent__exit_date__lt=today())
    return dict(shown.values_list("pk", "file"))
