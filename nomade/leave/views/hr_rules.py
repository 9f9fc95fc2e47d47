"""Leave, for HR: the figures of the law, where counters are kept, the ready-made reasons of refusal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave.actions.figures import (
    add_reason,
    change_figure,
    choose_mode,
    follow_alsace_moselle,
    withdraw_reason,
)
from nomade.leave.figures import follows_alsace_moselle, history_of, themes, words
from nomade.leave.hr_access import hr_only, keeps_the_rules, rules_only
from nomade.leave.models import CounterKind, Mode, RefusalReason
from nomade.leave.rule_forms import FigureForm, ReasonForm
from nomade.people.http import AgentRequest


@require_safe
@hr_only
def figures(request: AgentRequest) -> HttpResponse:
    """Every figure in force, by theme, with its text."""
    asked = request.GET.get("q", "").strip()[:100]
    to_confirm = "a_confirmer" in request.GET
    context = {
        "themes": themes(asked, to_confirm=to_confirm),
        "asked": asked,
        "to_confirm": to_confirm,
        "alsace": follows_alsace_moselle(),
        "may_change": keeps_the_rules(request.agent),
    }
    return render(request, "leave/hr/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@hr_only
def figure(request: AgentRequest, key: str) -> HttpResponse:
    """One key: what it was, is and will be; HR of the whole organisation change it from a day on."""
    may_change = keeps_the_rules(request.agent)
    if key not in words() or (request.method == "POST" and not may_change):
        raise Http404
    history = history_of(key)
    form = FigureForm(words()[key], history, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_figure(key, *form.line, by=request.agent, http=request, **form.values)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(
                request, _("Le changement est enregistré. Les demandes déjà faites gardent leur décompte.")
            )
            return HttpResponseRedirect(reverse("leave:hr-figure", args=[key]), status=303)
    context = {"words": words()[key], "history": history, "form": form, "may_change": may_change}
    return render(request, "leave/hr/figure.html", context, status=422 if form.errors else 200)


@require_POST
@rules_only
def local_law(request: AgentRequest) -> HttpResponse:
    """The local law of Alsace-Moselle, in or out."""
    on = request.POST.get("alsace") == "oui"
    follow_alsace_moselle(on=on, by=request.agent, http=request)
    said = _("Les jours fériés d’Alsace-Moselle s’appliquent."), _("Les jours fériés nationaux seuls s’appliquent.")
    messages.success(request, said[0] if on else said[1])
    return HttpResponseRedirect(reverse("leave:hr-figures"), status=303)


@require_safe
@hr_only
def reasons(request: AgentRequest) -> HttpResponse:
    """The ready-made reasons of refusal that deciders may choose."""
    return _reasons_page(request, ReasonForm())


def _reasons_page(request: AgentRequest, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    context = {
        "reasons": list(RefusalReason.objects.filter(in_use=True)),
        "form": form,
        "may_change": keeps_the_rules(request.agent),
    }
    return render(request, "leave/hr/reasons.html", context, status=status)


@require_POST
@rules_only
def new_reason(request: AgentRequest) -> HttpResponse:
    """Adds a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _reasons_page(request, form, status=422)
    try:
        add_reason(form.cleaned_data["text"], by=request.agent, http=request)
    except Refusal as refusal:
        form.add_error("text", refusal.message)
        return _reasons_page(request, form, status=422)
    messages.success(request, _("Le motif est proposé aux responsables."))
    return HttpResponseRedirect(reverse("leave:hr-reasons"), status=303)


@require_POST
@rules_only
def drop_reason(request: AgentRequest, reason_id: int) -> HttpResponse:
    """Withdraws a reason."""
    withdraw_reason(get_object_or_404(RefusalReason, pk=reason_id), by=request.agent, http=request)
    messages.success(request, _("Le motif n’est plus proposé."))
    return HttpResponseRedirect(reverse("leave:hr-reasons"), status=303)


@require_safe
@hr_only
def counters(request: AgentRequest) -> HttpResponse:
    """Where each counter is kept."""
    return _counters_page(request)


def _counters_page(request: AgentRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "kinds": list(CounterKind.objects.order_by("order")),
        "may_change": keeps_the_rules(request.agent),
        "refusal": refusal,
    }
    return render(request, "leave/hr/modes.html", context, status=status)


@require_POST
@rules_only
def mode(request: AgentRequest, code: str) -> HttpResponse:
    """Moves the truth of a counter: here, or in the time system."""
    kind = get_object_or_404(CounterKind, code=code)
    asked = request.POST.get("mode", "")
    if asked not in Mode.values:
        return _counters_page(request, refusal=_("Choisissez où ce compteur est tenu."), status=422)
    try:
        choose_mode(kind, Mode(asked), by=request.agent, http=request)
    except Refusal as refusal:
        return _counters_page(request, refusal=refusal.message, status=422)
    messages.success(
        request, _("« %(label)s » est maintenant %(mode)s.") % {"label": kind.label, "mode": Mode(asked).label}
    )
    return HttpResponseRedirect(reverse("leave:hr-modes"), status=303)
