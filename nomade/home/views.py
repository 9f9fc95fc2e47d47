"""The first page of the day: what waits for me, then what each service has to show."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from nomade.home.overview import overview
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The greeting, « À faire » and the cards of the enabled services."""
    return render(request, "home/index.html", {"overview": overview(request)})
