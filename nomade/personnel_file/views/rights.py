"""One's own data: the export, and the ways to have them corrected."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.files.http import attachment
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.personnel_file.actions import exports
from nomade.personnel_file.models import DataExport

SHOWN = 10


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What one may ask about one's data."""
    mine = DataExport.objects.filter(agent=request.agent).order_by("-asked_at")[:SHOWN]
    return render(request, "personnel_file/own_data.html", {"exports": list(mine), "moment": now()})


@require_POST
@step_up_required
def ask(request: AgentRequest) -> HttpResponse:
    """Asks for an export."""
    try:
        exports.ask_export(request.agent, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Vos données se préparent : vous serez prévenu, dans la journée au plus tard."))
    return HttpResponseRedirect(reverse("personnel_file:own-data"), status=303)


@require_POST
@step_up_required
def fetch(request: AgentRequest, export_id: UUID) -> HttpResponse:
    """The file, once."""
    export = get_object_or_404(DataExport, agent=request.agent, pk=export_id)
    try:
        content = exports.fetch(export, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("personnel_file:own-data"), status=303)
    return attachment(content, name="mes-donnees.zip", content_type="application/zip")
