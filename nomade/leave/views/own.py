"""An agent's own leave: balances, year, requests."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.cases.drafts import draft_since
from nomade.cases.exchange_views import Room, Talk
from nomade.cases.models import CaseState
from nomade.files.http import attachment
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import manages, may_decide, request_for, requests_of_year
from nomade.leave.actions.talking import EXCHANGE
from nomade.leave.balances import balances_and_hours, outlook
from nomade.leave.calendars import year_calendar
from nomade.leave.details import details_in_words
from nomade.leave.engagements import commitments_by_slot
from nomade.leave.entitlements import young_right
from nomade.leave.facts import current_law, timetables
from nomade.leave.hours import own_account
from nomade.leave.hr_access import is_hr
from nomade.leave.models import LIVING_STATES, LeaveRequest
from nomade.leave.previews import free_days_of
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import public_holidays
from nomade.leave.rules.validity import YEAR_HOURS
from nomade.leave.staffing import teams_for
from nomade.leave.statement import statement_of
from nomade.leave.views.decisions import waiting_for
from nomade.leave.wording import period_phrase, step_titles, weekdays
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest

DRAFT = "leave.new"


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Balances with how they were made, requests, and the year in a calendar."""
    year = _year(request)
    requests = requests_of_year(request.agent, year)
    table = timetables([request.agent.pk], date(year, 1, 1), date(year, 12, 31)).get(request.agent.pk, Timetable(()))
    living = [leave for leave in requests if leave.state in LIVING_STATES]
    held = commitments_by_slot([request.agent.pk], date(year, 1, 1), date(year, 12, 31)).get(request.agent.pk, {})
    law = current_law()
    holidays = public_holidays(year, law)
    known = balances_and_hours(request.agent, year)
    written = [balance for balance in known if balance.code == YEAR_HOURS]
    context = {
        "year": year,
        "this_year": today().year,
        "today": today(),
        "weekdays": weekdays(),
        "balances": [balance for balance in known if balance.code != YEAR_HOURS],
        "hours": own_account(year, table, holidays, living, sum(balance.left for balance in written)),
        "hours_written": [entry for balance in written for entry in balance.movements],
        "requests": requests,
        "months": year_calendar(year, table, holidays, living, held),
        "held": bool(held),
        "young": young_right(request.agent, year, law),
        "draft_of": draft_since(request.agent, DRAFT),
        "is_hr": is_hr(request.agent),
        "is_supervisor": supervised_by(request.agent).exists(),
    }
    return render(request, "leave/index.html", context)


def _year(request: AgentRequest) -> int:
    """The year asked for, within one year of this one: neither rights nor calendar are known further away."""
    present = today().year
    asked = request.GET.get("annee", "")
    return int(asked) if asked in {str(present - 1), str(present), str(present + 1)} else present


@require_safe
def to_come(request: AgentRequest) -> HttpResponse:
    """One's balances on a day to come: absences asked, rights to open and days lost by then."""
    day = day_to_come(request.GET.get("au", ""))
    return render(request, "leave/to_come.html", {"day": day, "outlook": outlook(request.agent, day)})


def day_to_come(asked: str) -> date:
    """The day asked for, until the end of next year; the end of this year otherwise."""
    present = today()
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return present.replace(month=12, day=31)
    return day if present <= day <= date(present.year + 1, 12, 31) else present


@require_safe
def statement(request: AgentRequest) -> HttpResponse:
    """One's counters of a year with each movement, as a file."""
    year = _year(request)
    return attachment(statement_of(request.agent, year), name=f"compteurs-{year}.pdf", content_type="application/pdf")


@require_safe
def detail(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """A request: what it costs and why, its timeline, what one may do with it."""
    return _detail_page(request, request_for(request.agent, request_id))


def _detail_page(
    request: AgentRequest,
    leave: LeaveRequest,
    *,
    handles: bool = False,
    talk: Talk | None = None,
    status: int = 200,
    refusal: Refusal | None = None,
) -> HttpResponse:
    own = leave.owner_id == request.agent.pk  # whatever `handles` says: both sides share the page
    pending = leave.state == CaseState.SUBMITTED
    private = own or manages(request.agent, leave)
    teams = teams_for([leave]) if pending and not own and may_decide(request.agent, leave) else None
    context = {
        "leave": leave,
        "own": own,
        "when": period_phrase(leave.period),
        "free": free_days_of(leave, teams),
        "talk": talk or ROOM.talk(request, leave, handles=not own),
        "item": waiting_for([leave], teams)[0] if teams else None,
        "wanted": _wanted(leave),
        "private": private,
        "details": details_in_words(leave),
        "due": _due(leave),
        "documents": list(leave.documents.select_related("file").order_by("added_at")) if private else [],
        "may_answer_change": bool(leave.change_asked) and not own and may_decide(request.agent, leave),
        "may_cancel": actions.may_cancel(request.agent, leave),
        "refusal": refusal,
    }
    return render(request, "leave/request.html", context, status=status)


def _due(leave: LeaveRequest) -> datetime | None:
    """Until when the document of a type is expected (48 hours for a sick note), from when the request was sent."""
    hours = leave.leave_type.document_hours
    return leave.submitted_at + timedelta(hours=hours) if hours else None


def _wanted(leave: LeaveRequest) -> str:
    """The new days that a change asks for, in words."""
    period = actions.wanted_period(leave)
    return period_phrase(period) if leave.change_asked and period else ""


@require_POST
def cancel(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """Cancels a request, with a reason when it is somebody else's."""
    leave = request_for(request.agent, request_id)
    try:
        actions.cancel_leave(leave, by=request.agent, reason=request.POST.get("reason", "")[:1000], http=request)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, actions.AlreadyHandled) else 422
        return _detail_page(request, request_for(request.agent, request_id), status=status, refusal=refusal)
    messages.success(request, _("L’absence est annulée et les jours sont rendus."))
    return HttpResponseRedirect(reverse("leave:request", args=[leave.pk]), status=303)


ROOM = Room(EXCHANGE, space="leave", name="request", titles=step_titles, page=_detail_page)
