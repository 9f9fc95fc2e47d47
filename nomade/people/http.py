"""The request of somebody who is signed in."""

from __future__ import annotations

from typing import Any

from nomade.kernel.http import PortalRequest
from nomade.people.access import roles_of
from nomade.people.models import Agent

KEPT = "_nomade_roles"


class AgentRequest(PortalRequest):
    """A request whose agent is known; what every view that needs a sign-in receives."""

    agent: Agent


def roles_of_request(request: Any) -> frozenset[str]:
    """The roles of who is asking, today; read once a request, for what many services ask to show their line or not.

    Only to show or hide: what gives access asks `nomade.people.access` itself.
    """
    known: frozenset[str] | None = getattr(request, KEPT, None)
    if known is None:
        known = frozenset(roles_of(request.agent))
        setattr(request, KEPT, known)
    return known
