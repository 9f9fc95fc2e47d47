"""What a page of the support asks before it opens. Closed and absent look the same: 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse

from nomade.people.http import AgentRequest
from nomade.support.access import is_technician

View = Callable[..., HttpResponse]


def tickets_kept_here(view: View) -> View:
    """Absent where the city has a tool of its own for tickets (NOMADE_SUPPORT_TOOL_URL)."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.NOMADE.support_tool_url:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_technicians(view: View) -> View:
    """Absent for who does not work at the desk today: the role is read at each request."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_technician(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
