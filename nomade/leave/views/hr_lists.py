"""Leave, for HR: lists and figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nomade.files.tables import Cell, table_response
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.leave.hr_access import agents_managed, hr_only, requests_managed
from nomade.leave.hr_forms import AbsencesFilter
from nomade.leave.indicators import absences_by_group, balances_to_expire, shown_total
from nomade.leave.models import LeaveRequest, LeaveRequestQuerySet
from nomade.people.http import AgentRequest
from nomade.people.models import Assignment

ON_A_PAGE = 50


@require_safe
@hr_only
def absences(request: AgentRequest) -> HttpResponse:
    """The absences of the perimeter, filtered; the same list as CSV or XLSX."""
    form = AbsencesFilter(request.GET)
    valid = form.is_valid()
    first, last = form.span() if valid else (today().replace(day=1), today().replace(month=12, day=31))
    found = _filtered(request, form.cleaned_data if valid else {}, first, last)
    wanted = request.GET.get("format", "")
    if wanted in ("csv", "xlsx"):
        return _file(request, found, first, last, wanted)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = {name: value for name, value in request.GET.items() if name not in ("page", "format") and value}
    context = {"form": form, "page": page, "first": first, "last": last, "query": urlencode(query)}
    return render(request, "leave/hr/absences.html", context, status=200 if valid else 422)


def _filtered(request: AgentRequest, chosen: dict[str, Any], first: date, last: date) -> LeaveRequestQuerySet:
    found = requests_managed(request.agent).touching(first, last).order_by("first_day", "owner__sort_name", "pk")
    if chosen.get("groupe"):
        found = found.filter(leave_type__group=chosen["groupe"])
    if chosen.get("etat"):
        found = found.filter(state=chosen["etat"])
    if chosen.get("unite"):
        unit = chosen["unite"].strip("/")
        below = Q(unit__path=unit) | Q(unit__path__startswith=f"{unit}/")
        placed = Assignment.objects.on(today()).filter(below, is_main=True, agent=OuterRef("owner"))
        found = found.filter(Exists(placed))
    return found


def _file(request: AgentRequest, found: LeaveRequestQuerySet, first: date, last: date, form: str) -> HttpResponse:
    audit.record(
        "leave.list_exported",
        actor=request.agent.pk,
        subject=None,
        request=request,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        form=form,
    )
    header = [_("matricule"), _("nom"), _("type"), _("premier jour"), _("dernier jour"), _("jours"), _("état")]
    return table_response("absences", header, _rows(found), form)


def _rows(found: LeaveRequestQuerySet) -> Iterator[list[Cell]]:
    """Health and family stay under their coarse word: a file goes further than a page (domain § 7.1)."""
    leave: LeaveRequest
    for leave in found.iterator(chunk_size=2000):
        yield [
            leave.owner.matricule,
            leave.owner.full_name,
            leave.leave_type.team_label,
            leave.first_day,
            leave.last_day,
            leave.half_days / 2,
            leave.get_state_display(),
        ]


@require_safe
@hr_only
def indicators(request: AgentRequest) -> HttpResponse:
    """Absences by reason group this year, balances about to expire: as charts and as tables."""
    day = today()
    people = agents_managed(request.agent)
    groups = absences_by_group(people, day.replace(month=1, day=1), day.replace(month=12, day=31))
    soon = balances_to_expire(people, 90)
    context = {
        "year": day.year,
        "groups": groups,
        "groups_total": shown_total(groups),
        "soon": soon,
        "soon_total": shown_total(soon),
    }
    return render(request, "leave/hr/indicators.html", context)
