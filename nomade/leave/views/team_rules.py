"""What somebody sets for the units they lead: minimum presence, reserved days, delegation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import delegation_of, may_stand_in, reserved_period, units_led_by
from nomade.leave.forms import DelegationForm, MinimumForm, ReservedDaysForm
from nomade.leave.models import ForbiddenPeriod, MinimumPresence
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest
from nomade.people.models import Delegation, OrgUnit


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The three of them on one page."""
    return _page(request)


@require_POST
def minimum(request: AgentRequest) -> HttpResponse:
    """Sets the minimum presence of one unit."""
    form = MinimumForm(request.POST)
    units = {unit.pk: unit for unit in _units(request)}
    if not form.is_valid():
        return _page(request, failed=form, status=422)
    unit = units.get(form.cleaned_data["unit"])
    if unit is None:
        raise Http404
    people = form.cleaned_data["people"]
    return _do(request, form, lambda: actions.set_minimum(unit, people, by=request.agent, http=request))


@require_POST
def reserve(request: AgentRequest) -> HttpResponse:
    """Reserves days of one unit."""
    units = _units(request)
    form = ReservedDaysForm(request.POST, units=units)
    if not form.is_valid():
        return _page(request, failed=form, status=422)
    told = form.cleaned_data
    unit = next(one for one in units if one.pk == told["unit"])
    return _do(
        request,
        form,
        lambda: actions.reserve_days(
            unit, told["first_day"], told["last_day"], reason=told["reason"], by=request.agent, http=request
        ),
    )


@require_POST
def free(request: AgentRequest, period_id: int) -> HttpResponse:
    """Gives reserved days back."""
    actions.free_days(reserved_period(request.agent, period_id), by=request.agent, http=request)
    return _done(request)


@require_POST
def delegate(request: AgentRequest) -> HttpResponse:
    """Gives one's delegation to somebody, between two days."""
    _units(request)
    form = DelegationForm(request.POST, receivers=may_stand_in(request.agent))
    if not form.is_valid():
        return _page(request, failed=form, status=422)
    told = form.cleaned_data
    return _do(
        request,
        form,
        lambda: actions.delegate(request.agent, told["receiver"], told["first_day"], told["last_day"], http=request),
    )


@require_POST
def end_delegation(request: AgentRequest, delegation_id: int) -> HttpResponse:
    """Takes a delegation back."""
    actions.end_delegation(delegation_of(request.agent, delegation_id), by=request.agent, http=request)
    return _done(request)


def _units(request: AgentRequest) -> list[OrgUnit]:
    """The units one leads. Raises Http404 for whoever leads none: these pages do not exist for them."""
    units = units_led_by(request.agent)
    if not units and not supervised_by(request.agent).exists():
        raise Http404
    return units


def _do(request: AgentRequest, form: forms.Form, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, failed=form, status=422)
    return _done(request)


def _done(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("C’est enregistré, et les personnes concernées sont prévenues."))
    return HttpResponseRedirect(reverse("leave:team-rules"), status=303)


def _page(request: AgentRequest, *, failed: forms.Form | None = None, status: int = 200) -> HttpResponse:
    units = _units(request)
    current = {one.unit_id: one.people for one in MinimumPresence.objects.on(today()).filter(unit__in=units)}
    minimums = [(unit, _minimum_form(unit, current.get(unit.pk, 0), failed)) for unit in units]
    coming = ForbiddenPeriod.objects.filter(unit__in=units, last_day__gte=today()).select_related("unit")
    given = Delegation.objects.filter(giver=request.agent, valid_to__gte=today()).select_related("receiver")
    context: dict[str, Any] = {
        "minimums": minimums,
        "reserved": list(coming.order_by("first_day")),
        "reserve_form": failed
        if isinstance(failed, ReservedDaysForm)
        else ReservedDaysForm(units=units, auto_id="reserve-%s"),
        "delegations": list(given.order_by("valid_from")),
        "delegation_form": failed
        if isinstance(failed, DelegationForm)
        else DelegationForm(receivers=may_stand_in(request.agent), auto_id="delegation-%s"),
        "failed": failed,
    }
    return render(request, "leave/team_rules.html", context, status=status)


def _minimum_form(unit: OrgUnit, people: int, failed: forms.Form | None) -> MinimumForm:
    """The form of one unit: as it was typed when it is the one that failed."""
    if isinstance(failed, MinimumForm) and failed.data.get("unit") == str(unit.pk):
        return failed
    return MinimumForm(initial={"unit": unit.pk, "people": people}, auto_id=f"unite-{unit.pk}-%s")
