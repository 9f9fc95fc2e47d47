"""« Qui est là aujourd’hui »: the team of a supervisor, each a tap from a call."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from nomade.kernel.clock import today
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.leave.calendars import Seen, TeamRow, team_day
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest

SHOWN = 60


@dataclass(frozen=True)
class Somebody:
    """A person of the team today: how they are seen, and their number at work."""

    name: str
    words: str
    number: str


@require_safe
def today_page(request: AgentRequest) -> HttpResponse:
    """The page, or its block for the home page. It does not exist for whoever supervises nobody.

    The home page asks for whoever may lead: its block is then empty rather than an error on the console.
    """
    rows = team_day(list(supervised_by(request.agent).order_by("sort_name")[:SHOWN]), today())
    if not rows:
        if is_fragment(request):
            return HttpResponse()
        raise Http404
    context = {
        "here": [_somebody(row) for row in rows if row.cells[0].seen in (Seen.PRESENT, Seen.TELEWORK)],
        "away": [_somebody(row) for row in rows if row.cells[0].seen in (Seen.ABSENT, Seen.PENDING)],
    }
    return render(request, "leave/here_today.html", context, block="people")


def _somebody(row: TeamRow) -> Somebody:
    return Somebody(row.agent.full_name, row.cells[0].words, row.agent.mobile or row.agent.phone)
