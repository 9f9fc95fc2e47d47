"""Leave, for HR: the types of absence, their circuits and documents, and what a change would look like."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.actions.types import change_type
from nomade.leave.hr_access import hr_only, keeps_the_rules
from nomade.leave.hr_forms import LEVELS, TypeForm
from nomade.leave.models import Document, LeaveType, Secrecy
from nomade.people.http import AgentRequest


@require_safe
@hr_only
def index(request: AgentRequest) -> HttpResponse:
    """Every type in force, with what it asks."""
    context = {
        "types": list(LeaveType.objects.on(today())),
        "levels": dict(LEVELS),
        "may_change": keeps_the_rules(request.agent),
    }
    return render(request, "leave/hr/types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@hr_only
def edit(request: AgentRequest, code: str) -> HttpResponse:
    """One type and its history; HR of the whole organisation change it, « aperçu » writes nothing."""
    history = list(LeaveType.objects.filter(code=code).order_by("-valid_from"))
    current = next((one for one in history if one.valid_until is None), None)
    if current is None or (request.method == "POST" and not keeps_the_rules(request.agent)):
        raise Http404
    form = TypeForm(request.POST or None, instance=LeaveType.objects.get(pk=current.pk))
    if request.method != "POST":
        return _page(request, current, history, form)
    if not form.is_valid():
        return _page(request, current, history, form, status=422)
    if "apercu" in request.POST:
        return _page(request, current, history, form, preview=_differences(current, form))
    try:
        change_type(
            current, form.changed_values(), valid_from=form.cleaned_data["effective"], by=request.agent, http=request
        )
    except Refusal as refusal:
        form.add_error("effective" if refusal.field else None, refusal.message)
        return _page(request, current, history, form, status=422)
    messages.success(request, _("Le type « %(label)s » est modifié.") % {"label": form.cleaned_data["label"]})
    return HttpResponseRedirect(reverse("leave:hr-type", args=[code]), status=303)


def _differences(current: LeaveType, form: TypeForm) -> list[tuple[str, str, str]]:
    """What changes: the words of the field, before, after."""
    found = []
    for name, value in form.changed_values().items():
        before = getattr(current, name)
        if before != value:
            found.append((str(form.fields[name].label), _words(name, before), _words(name, value)))
    return found


CHOICES = {"document": dict(Document.choices), "secrecy": dict(Secrecy.choices)}


def _words(name: str, value: object) -> str:
    if name in CHOICES:
        return str(CHOICES[name].get(str(value), value))
    if isinstance(value, list):
        return ", ".join(str(dict(LEVELS).get(one, one)) for one in value) or _("personne")
    return _("aucun") if value in (None, "") else str(value)


def _page(
    request: AgentRequest,
    current: LeaveType,
    history: list[LeaveType],
    form: TypeForm,
    *,
    status: int = 200,
    preview: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:
    context = {
        "type": current,
        "history": history,
        "form": form,
        "preview": preview,
        "may_change": keeps_the_rules(request.agent),
        "in_force": [
            (str(form.fields[name].label), _words(name, getattr(current, name))) for name in TypeForm.Meta.fields
        ],
    }
    return render(request, "leave/hr/type.html", context, status=status)
