"""The back office opens to the holders of some roles; for anybody else it does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase

from nomade.administration.models import PendingImport
from nomade.people.access import roles_of
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.roles import Role

View = Callable[..., HttpResponseBase]


# Who has a line « Administration » in the menu; each page says which of them it opens to.
OFFICE_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def open_to(*roles: Role) -> Callable[[View], View]:
    """404 for whoever holds none of these roles today."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if roles_of(request.agent).isdisjoint(roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def administrators_only(view: View) -> View:
    """404 for whoever does not administer the portal today."""
    return open_to(Role.ADMINISTRATOR)(view)


def pending_import_of(agent: Agent, import_id: uuid.UUID) -> PendingImport:
    """A file that this administrator sent. Raises Http404 for another's as for none."""
    found = PendingImport.objects.filter(owner=agent, pk=import_id).first()
    if found is None:
        raise Http404
    return found
