"""Leave, for the pay office: absences of a month, told once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.files.tables import table_response
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.leave.hr_access import agents_paid, hr_or_pay, is_hr
from nomade.leave.hr_forms import MonthForm
from nomade.leave.models import PayrollExport
from nomade.leave.payroll import HEADER, due_lines, export_month, export_rows
from nomade.people.http import AgentRequest

SHOWN = 24


@require_http_methods(["GET", "HEAD", "POST"])
@hr_or_pay
def index(request: AgentRequest) -> HttpResponse:
    """The exports made; « essai » says what the next one would hold."""
    if request.method != "POST":
        return _page(request, MonthForm(initial={"month": f"{today():%Y-%m}"}))
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if "faire" not in request.POST:
        lines = due_lines(agents_paid(request.agent), form.first_day)
        preview = {"lines": len(lines), "half_days": sum(line.half_days for line in lines)}
        return _page(request, form, preview=preview)
    export = export_month(agents_paid(request.agent), form.first_day, by=request.agent, http=request)
    messages.success(request, _("L’export %(name)s est prêt.") % {"name": str(export)})
    return HttpResponseRedirect(reverse("leave:hr-pay"), status=303)


def _page(
    request: AgentRequest, form: MonthForm, *, status: int = 200, preview: dict[str, int] | None = None
) -> HttpResponse:
    exports = PayrollExport.objects.filter(author=request.agent).order_by("-created_at")[:SHOWN]
    return render(
        request,
        "leave/hr/pay.html",
        {"form": form, "exports": list(exports), "preview": preview, "is_hr": is_hr(request.agent)},
        status=status,
    )


@require_safe
@hr_or_pay
def download(request: AgentRequest, export_id: int) -> HttpResponse:
    """The file of an export that one made: the same each time."""
    export = PayrollExport.objects.filter(pk=export_id, author=request.agent).first()
    if export is None:
        raise Http404
    audit.record("leave.payroll_downloaded", actor=request.agent.pk, subject=None, request=request, export=export.pk)
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    return table_response(f"absences-paie-{export.month:%Y-%m}-{export.number}", HEADER, export_rows(export), form)
