"""The request of somebody who is signed in."""

from __future__ import annotations

from nomade.kernel.http import PortalRequest
from nomade.people.models import Agent


class AgentRequest(PortalRequest):
    """A request whose agent is known; what every view that needs a sign-in receives."""

    agent: Agent
