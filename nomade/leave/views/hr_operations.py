"""Leave, for HR: what moves many counters at once. A dry run first, then the real thing, then perhaps its undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.actions.closures import close_unit
from nomade.leave.actions.operations import (
    UNDOABLE,
    Plan,
    do_closing,
    do_rights,
    plan_closing,
    plan_rights,
    undo_operation,
)
from nomade.leave.hr_access import agents_managed, hr_only, operation_for, operations_visible_to, units_managed
from nomade.leave.hr_forms import ClosingForm, ListForm
from nomade.leave.models import Operation, OperationKind
from nomade.people.http import AgentRequest

SHOWN = 50


@require_safe
@hr_only
def index(request: AgentRequest) -> HttpResponse:
    """The operations done, the latest first."""
    context = {"operations": list(operations_visible_to(request.agent)[:SHOWN])}
    return render(request, "leave/hr/operations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@hr_only
def closing(request: AgentRequest) -> HttpResponse:
    """A closing of a unit; « essai » shows what it would do to each agent."""
    form = ClosingForm(units_managed(request.agent), request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, "leave/hr/closing.html", form)
    if not form.is_valid():
        return _form_page(request, "leave/hr/closing.html", form, status=422)
    leave_type, chosen = form.type_chosen(), form.cleaned_data
    if leave_type is None:
        close_unit(chosen["unit"], form.period, chosen["label"], by=request.agent, http=request)
        messages.success(request, _("La fermeture est enregistrée : ces jours ne coûtent rien à personne."))
        return HttpResponseRedirect(reverse("leave:hr-operations"), status=303)
    plan = plan_closing(agents_managed(request.agent), chosen["unit"], leave_type, form.period)
    if "faire" not in request.POST:
        return _form_page(request, "leave/hr/closing.html", form, plan=plan)
    try:
        operation = do_closing(plan, leave_type, form.period, by=request.agent, http=request)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _form_page(request, "leave/hr/closing.html", form, status=422, plan=plan)
    return _done(request, operation)


@require_http_methods(["GET", "HEAD", "POST"])
@hr_only
def from_list(request: AgentRequest) -> HttpResponse:
    """A right for a list, counters of the former system, balances of the time system; « essai » writes nothing."""
    if request.method != "POST":
        return _form_page(request, "leave/hr/list.html", ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, "leave/hr/list.html", form, status=422)
    chosen = form.cleaned_data
    plan = _plan_of(request, chosen)
    if "faire" not in request.POST:
        again = ListForm(initial=chosen | {"rows": chosen["text"]})
        return _form_page(request, "leave/hr/list.html", again, plan=plan)
    try:
        operation = do_rights(plan, by=request.agent, reason=chosen["label"], as_of=chosen["as_of"], http=request)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _form_page(request, "leave/hr/list.html", form, status=422, plan=plan)
    return _done(request, operation)


def _plan_of(request: AgentRequest, chosen: dict[str, Any]) -> Plan:
    return plan_rights(
        agents_managed(request.agent),
        chosen["read"],
        code=chosen["code"],
        year=chosen["year"],
        label=chosen["label"],
        kind=OperationKind(chosen["kind"]),
        as_of=chosen["as_of"],
    )


def _form_page(request: AgentRequest, template: str, form: Any, *, status: int = 200, plan: Any = None) -> HttpResponse:
    context = {"form": form, "plan": plan, "good": plan.good[:SHOWN] if plan else [], "shown": SHOWN}
    return render(request, template, context, status=status)


def _done(request: AgentRequest, operation: Operation) -> HttpResponse:
    messages.success(request, _("L’opération est faite."))
    return HttpResponseRedirect(reverse("leave:hr-operation", args=[operation.pk]), status=303)


@require_safe
@hr_only
def report(request: AgentRequest, operation_id: int) -> HttpResponse:
    """What an operation did, and the form that undoes it."""
    return _report_page(request, operation_for(request.agent, operation_id))


def _report_page(request: AgentRequest, operation: Operation, *, status: int = 200, refusal: str = "") -> HttpResponse:
    undoable = operation.undone_at is None and operation.kind in UNDOABLE
    context = {"operation": operation, "refusal": refusal, "undoable": undoable}
    return render(request, "leave/hr/operation.html", context, status=status)


@require_POST
@hr_only
def undo(request: AgentRequest, operation_id: int) -> HttpResponse:
    """Undoes an operation as a whole, with a reason."""
    operation = operation_for(request.agent, operation_id)
    try:
        undo_operation(operation, by=request.agent, reason=request.POST.get("reason", "")[:300], http=request)
    except Refusal as refusal:
        return _report_page(request, operation, status=422, refusal=refusal.message)
    messages.success(request, _("L’opération est annulée."))
    return HttpResponseRedirect(reverse("leave:hr-operation", args=[operation.pk]), status=303)
