"""What each line of a slip means: read and rewritten by the pay office, from a month on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.payslips.access import explanations_only, is_pay_officer, versions_of_line
from nomade.payslips.actions.explaining import explain_line
from nomade.payslips.explanations import explanations_on, start_of
from nomade.payslips.forms import LineForm
from nomade.payslips.models import month_of
from nomade.people.http import AgentRequest


@explanations_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Everything that is explained on this month's slips."""
    month = month_of(today())
    context = {"lines": explanations_on(month), "month": month, "office": is_pay_officer(request.agent)}
    return render(request, "payslips/explanations.html", context)


@explanations_only
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: AgentRequest) -> HttpResponse:
    """One line: its words from a month on, and those it had before."""
    label = request.GET.get("ligne", "").strip()[:80]
    month = month_of(today())
    known = next((one for one in explanations_on(month) if one.start == start_of(label)), None)
    form = LineForm(
        request.POST or None,
        initial={"label": label, "text": known.text if known else "", "valid_from": f"{month:%Y-%m}"},
    )
    if request.method == "POST" and form.is_valid():
        made = explain_line(**form.cleaned_data, by=request.agent, request=request)
        messages.success(request, _("Explication enregistrée : « %(label)s ».") % {"label": made.label})
        return HttpResponseRedirect(reverse("payslips:explanations"), status=303)
    context = {"form": form, "label": label, "versions": list(versions_of_line(start_of(label)))}
    return render(request, "payslips/explanation.html", context, status=422 if form.errors else 200)
