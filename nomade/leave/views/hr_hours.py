"""Annualised hours and work cycles, for HR."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.files.tables import Cell, table_response
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.leave.balances import balances_and_hours
from nomade.leave.cycle_files import CyclePlan, read_cycles, write_cycles
from nomade.leave.hours import accounts_of, annualised_on
from nomade.leave.hr_access import agent_managed, agents_managed, hr_only, rules_only
from nomade.leave.hr_forms import CyclesForm
from nomade.leave.rules.validity import YEAR_HOURS
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, WorkCycle

ON_A_PAGE = 50
AT_ONCE = 500


@require_safe
@hr_only
def hours(request: AgentRequest) -> HttpResponse:
    """The agents of the perimeter in annualised hours: due, done, forecast of the year; the same as a file."""
    year = today().year
    people = agents_managed(request.agent).order_by("sort_name", "pk")
    found = people.filter(pk__in=annualised_on(today()).values("agent"))
    wanted = request.GET.get("format", "")
    if wanted in ("csv", "xlsx"):
        audit.record("leave.hours_exported", actor=request.agent.pk, subject=None, request=request, form=wanted)
        header = [_("matricule"), _("nom"), _("heures dues"), _("faites"), _("prévues"), _("écart prévu")]
        return table_response("heures-annualisees", header, _rows(found, year), wanted)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    accounts = accounts_of([agent.pk for agent in page.object_list], year)
    lines = [(agent, accounts[agent.pk]) for agent in page.object_list if agent.pk in accounts]
    return render(request, "leave/hr/hours.html", {"page": page, "lines": lines, "year": year})


def _rows(found: QuerySet[Agent], year: int) -> Iterator[list[Cell]]:
    agents = list(found)
    for start in range(0, len(agents), AT_ONCE):
        some = agents[start : start + AT_ONCE]
        accounts = accounts_of([agent.pk for agent in some], year)
        for agent in some:
            if account := accounts.get(agent.pk):
                minutes = (account.due, account.done, account.to_come, account.forecast)
                yield [agent.matricule, agent.full_name, *(round(number / 60, 2) for number in minutes)]


@require_safe
def hours_of(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The account of hours of one agent, month by month, with what was written beside the plan."""
    agent = agent_managed(request.agent, agent_id)
    year = today().year
    audit.record("leave.counters_read", actor=request.agent.pk, subject=agent.pk, request=request)
    written = [balance for balance in balances_and_hours(agent, year) if balance.code == YEAR_HOURS]
    context = {
        "agent": agent,
        "hours": accounts_of([agent.pk], year).get(agent.pk),
        "written": [entry for balance in written for entry in balance.movements],
    }
    return render(request, "leave/hr/hours_of.html", context)


def weeks_of(cycle: WorkCycle) -> list[tuple[int, str, int | None]]:
    """The weeks of a cycle in order, those alike that follow each other told once: how many, signs, minutes."""
    minutes: list[int | None] = [*cycle.week_minutes] or [None] * len(cycle.weeks)
    runs = groupby(zip(cycle.weeks, minutes, strict=True))
    return [(len(list(alike)), signs, planned) for (signs, planned), alike in runs]


@require_http_methods(["GET", "HEAD", "POST"])
@rules_only
def cycles(request: AgentRequest) -> HttpResponse:
    """The work cycles, and a file of them: tried first, then written, all or nothing."""
    form = CyclesForm(request.POST or None, request.FILES or None)
    plan: CyclePlan | None = None
    if request.method == "POST" and form.is_valid():
        plan = read_cycles(form.cleaned_data["rows"])
        if "enregistrer" in request.POST and not plan.faults:
            write_cycles(plan, by=request.agent)
            said = _("Cycles enregistrés : %(created)s créés, %(updated)s mis à jour.")
            messages.success(request, said % {"created": len(plan.create), "updated": len(plan.update)})
            return HttpResponseRedirect(reverse("leave:hr-cycles"), status=303)
        # What was read from a file comes back in the text, so that it is written without choosing the file again.
        form = CyclesForm(initial={"rows": form.cleaned_data["rows"]})
    known = Paginator(WorkCycle.objects.order_by("label", "code"), ON_A_PAGE).get_page(request.GET.get("page"))
    faulty = bool(form.errors) or bool(plan and plan.faults)
    context = {"form": form, "plan": plan, "page": known, "weeks_of": weeks_of}
    return render(request, "leave/hr/cycles.html", context, status=422 if faulty else 200)
