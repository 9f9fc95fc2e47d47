"""The back office opens to administrators only; for anybody else it does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from nomade.administration.models import PendingImport
from nomade.people.access import has_role
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.roles import Role

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """404 for whoever does not hold the role today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.agent, Role.ADMINISTRATOR):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def pending_import_of(agent: Agent, import_id: uuid.UUID) -> PendingImport:
    """A file that this administrator sent. Raises Http404 for another's as for none."""
    found = PendingImport.objects.filter(owner=agent, pk=import_id).first()
    if found is None:
        raise Http404
    return found
