"""The page of the search."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.search.finding import find
from nomade.ui.shell import shell_of

LONGEST_QUERY = 100


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Results as one types; only what this agent may see."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    places = shell_of(request).places
    context = {"query": query, "answer": find(request, query, places) if query else None, "places": places}
    return render(request, "search/index.html", context, block="results")
