"""Who is there: the weeks of a team."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.leave.access import colleagues_of, minimums_of, replaced_by, team_by_name
from nomade.leave.calendars import team_weeks
from nomade.leave.models import MinimumPresence
from nomade.leave.wording import weekdays
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

SHOWN_WEEKS = 2
MONTH_WEEKS = 5
SHOWN_PEOPLE = 60
HORIZON = timedelta(days=400)


@require_safe
def weeks(request: AgentRequest) -> HttpResponse:
    """The team one supervises, with the coarse type of absence; or one's colleagues, present or absent and no more."""
    by_month = request.GET.get("vue") == "mois"
    monday = _monday(request.GET.get("semaine", ""))
    shown = MONTH_WEEKS if by_month else SHOWN_WEEKS
    team = team_by_name(request.agent)[: SHOWN_PEOPLE + 1]
    supervises = bool(team)
    if not supervises:
        team = colleagues_of(request.agent, SHOWN_PEOPLE + 1)
    context = {
        "weeks": team_weeks(team[:SHOWN_PEOPLE], monday, shown, with_kind=supervises),
        "supervises": supervises,
        "me": request.agent.pk,
        "more": len(team) > SHOWN_PEOPLE,
        "monday": monday,
        "today": today(),
        "weekdays": weekdays(),
        "by_month": by_month,
        "replaced": replaced_by(request.agent),
        "minimums": _minimums(team, monday),
        "before": monday - timedelta(weeks=shown),
        "after": monday + timedelta(weeks=shown),
        "this_week": _this_monday(),
    }
    return render(request, "leave/team.html", context, block="weeks")


def _minimums(team: list[Agent], day: date) -> list[MinimumPresence]:
    """The minimum presence of each unit of the people shown."""
    return minimums_of([agent.pk for agent in team], day)


def _monday(asked: str) -> date:
    """The Monday of the day asked for; this week when it is no date, or too far away."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return _this_monday()
    if abs(day - today()) > HORIZON:
        return _this_monday()
    return day - timedelta(days=day.weekday())


def _this_monday() -> date:
    return today() - timedelta(days=today().weekday())
