"""The administrators' pages: state of the parts, imports."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.accounts.models import Account
from nomade.administration import importing, reports
from nomade.administration.access import OFFICE_ROLES, administrators_only, open_to, pending_import_of
from nomade.administration.forms import ImportForm
from nomade.administration.health import parts
from nomade.administration.model_file import example_csv
from nomade.administration.views.setup import steps
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import has_role
from nomade.people.http import AgentRequest
from nomade.people.importing.faults import Fault, Faulty
from nomade.people.importing.lines import AGENT_COLUMNS, UNIT_COLUMNS
from nomade.people.importing.plan import Plan
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role


@open_to(*OFFICE_ROLES)
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What an administrator may do, and how the portal is; an auditor sees the security of accounts only."""
    if not has_role(request.agent, Role.ADMINISTRATOR):
        return render(request, "administration/index.html", {"administers": False})
    context = {
        "administers": True,
        "parts": parts(),
        "agents": Agent.objects.present(today()).count(),
        "units": OrgUnit.objects.existing(today()).count(),
        "closed_accounts": Account.objects.without_password().count(),
    }
    return render(request, "administration/index.html", context)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: AgentRequest, *, guided: bool = False) -> HttpResponse:
    """Sends files and reads what they would change."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else _first(guided)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            pending = importing.rehearse(
                form.source("agents"),
                form.source("units"),
                create_units=form.cleaned_data["create_units"],
                owner=request.agent,
                report=_report,
            )
            return redirect("administration:installation-import" if guided else "administration:import", pending.pk)
        except Faulty as faulty:
            faults = faulty.faults
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {
        **_frame(guided=guided),
        "form": form,
        "faults": list(reports.faults_told(faults)),
        "refused": reports.refused(faults) if faults else "",
        "unknown_units": any(fault.column == "unite" for fault in faults) and not form.cleaned_data["create_units"],
        "agent_columns": AGENT_COLUMNS,
        "unit_columns": UNIT_COLUMNS,
    }
    return render(request, "administration/agents.html", context, status=422 if faults or form.errors else 200)


def _first(guided: bool) -> ImportForm:
    """At the first import the portal knows no unit: the file is what names them."""
    return ImportForm(initial={"create_units": guided})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: AgentRequest, import_id: uuid.UUID, *, guided: bool = False) -> HttpResponse:
    """Shows the rehearsal; imports once it is confirmed."""
    pending = pending_import_of(request.agent, import_id)
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            plan = importing.confirm(pending)
        except Faulty as faulty:
            faults = faulty.faults
        else:
            messages.success(request, _("Import terminé. ") + " ".join(reports.counts_told(plan)))
            return redirect("administration:installation-done" if guided else "administration:index")
    context = {
        **_frame(guided=guided),
        "pending": pending,
        "faults": list(reports.faults_told(faults)),
        "refused": reports.refused(faults) if faults else "",
    }
    return render(request, "administration/confirm.html", context, status=422 if faults else 200)


@administrators_only
@require_safe
def model_file(request: AgentRequest) -> HttpResponse:
    """A file to fill: the columns, and two people who do not exist."""
    response = HttpResponse(example_csv(settings.NOMADE.mail_domain), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agents-modele.csv"'
    return response


def _report(plan: Plan) -> dict[str, Any]:
    return {
        "counts": reports.counts_told(plan),
        "notices": plan.notices,
        "changes": list(reports.changes_told(plan)),
        "nothing": not plan.changes(),
    }


def _frame(*, guided: bool) -> dict[str, Any]:
    """Inside the assistant the import is a step; elsewhere a page of its own."""
    return {"guided": guided, "steps": steps() if guided else [], "step": 5}
