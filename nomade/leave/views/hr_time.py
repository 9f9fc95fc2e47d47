"""Leave, for HR: what passes between the portal and the time system."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.files.tables import table_response
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.actions.time_system import Read, export_requests, take_answers
from nomade.leave.hr_access import rules_only
from nomade.leave.models import CounterKind, Mode, TimeExport
from nomade.leave.rule_forms import AnswersForm
from nomade.leave.time_system import HEADER, due_lines, export_rows
from nomade.people.http import AgentRequest

SHOWN = 24


@require_safe
@rules_only
def index(request: AgentRequest) -> HttpResponse:
    """The counters that are fed, what the next export would tell, the exports made, the answers to read."""
    return _page(request, AnswersForm())


def _page(
    request: AgentRequest, form: AnswersForm, *, read: Read | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "kinds": list(CounterKind.objects.filter(mode=Mode.FED).order_by("order")),
        "due": len(due_lines()),
        "exports": list(TimeExport.objects.select_related("author").order_by("-pk")[:SHOWN]),
        "form": form,
        "read": read,
        "refusal": refusal,
    }
    return render(request, "leave/hr/time.html", context, status=status)


@require_POST
@rules_only
def export(request: AgentRequest) -> HttpResponse:
    """Makes the next export."""
    try:
        made = export_requests(by=request.agent, http=request)
    except Refusal as refusal:
        return _page(request, AnswersForm(), refusal=refusal.message, status=422)
    messages.success(request, _("L’export n° %(number)s est prêt à télécharger.") % {"number": made.pk})
    return HttpResponseRedirect(reverse("leave:hr-time"), status=303)


@require_safe
@rules_only
def download(request: AgentRequest, export_id: int) -> HttpResponse:
    """The file of an export: the same each time."""
    made = get_object_or_404(TimeExport, pk=export_id)
    audit.record("leave.time_downloaded", actor=request.agent.pk, subject=None, request=request, export=made.pk)
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    return table_response(f"demandes-temps-{made.pk}", HEADER, export_rows(made), form)


@require_POST
@rules_only
def answers(request: AgentRequest) -> HttpResponse:
    """Reads the answers of the time system."""
    form = AnswersForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    read = take_answers(form.cleaned_data["answers"], by=request.agent, http=request)
    return _page(request, AnswersForm(), read=read)
