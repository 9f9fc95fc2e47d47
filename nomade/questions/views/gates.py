"""What a page of the desk asks before it opens. Closed and absent look the same: 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from nomade.people.http import AgentRequest
from nomade.questions.access import keeper_or_404, officer_or_404

View = Callable[..., HttpResponse]


def for_officers(view: View) -> View:
    """Absent for who answers nobody today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        officer_or_404(request.agent)
        return view(request, *args, **kwargs)

    return guarded


def for_keepers(view: View) -> View:
    """Absent for who does not keep the lists: human resources of the whole organisation."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keeper_or_404(request.agent)
        return view(request, *args, **kwargs)

    return guarded
