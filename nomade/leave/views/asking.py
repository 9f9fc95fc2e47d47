"""The form of a request: days picked in a calendar, counted as one types, kept as a draft, sent once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.cases.drafts import discard_draft, load_draft
from nomade.cases.idempotency import new_form_token, once
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.leave import actions
from nomade.leave.access import agent_to_enter_for, colleagues_of
from nomade.leave.advice import advice_on
from nomade.leave.details import Advice
from nomade.leave.entitlements import is_young
from nomade.leave.facts import current_law, law_for_a_hint
from nomade.leave.forms import LeaveForm, TypedPeriodForm, content_of, types_to_ask_for
from nomade.leave.hr_access import is_hr
from nomade.leave.models import LeaveType
from nomade.leave.picker import month_of, picker, tapped
from nomade.leave.previews import Preview, Wish, preview_of
from nomade.leave.rules.periods import Period
from nomade.leave.rules.validity import YOUNG_TYPE
from nomade.leave.wording import weekdays
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

# What an address may fill in: days proposed with a refusal, a day tapped in a calendar.
ASKED = {"debut": "first_day", "fin": "last_day", "type": "leave_type", "mois": "mois"}
WHOLE_DAYS = {"first_half": "0", "last_half": "1"}
# How far the calendar turns, in months before and after this one.
BEHIND, AHEAD = 3, 18


@dataclass(frozen=True)
class Desk:
    """For whom a request is typed, by whom when it is somebody else, and where."""

    owner: Agent
    by: Agent | None = None

    @property
    def draft(self) -> str:
        return f"leave.for-{self.owner.pk}" if self.by else "leave.new"

    @property
    def address(self) -> str:
        return reverse("leave:enter", args=[self.owner.pk]) if self.by else reverse("leave:new")

    @property
    def hidden(self) -> tuple[str, ...]:
        """The types that are not for this agent. A head of team never learns the age of somebody by this list."""
        offered = is_young(self.owner, today().year, law_for_a_hint()) and (self.by is None or is_hr(self.by))
        return () if offered else (YOUNG_TYPE,)

    @cached_property
    def colleagues(self) -> list[Agent]:
        """Those who may stand in for this agent."""
        return [one for one in colleagues_of(self.owner) if one.pk != self.owner.pk]

    def form(self, *args: Any, **kwargs: Any) -> LeaveForm:
        """The whole form, with the types that this agent may ask for."""
        return LeaveForm(*args, hidden=self.hidden, colleagues=lambda: self.colleagues, **kwargs)

    def typed(self, *args: Any, **kwargs: Any) -> TypedPeriodForm:
        """The same, for what has been typed so far."""
        return TypedPeriodForm(*args, hidden=self.hidden, colleagues=lambda: self.colleagues, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """The form of one's own request."""
    return _form(request, Desk(request.agent))


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The same form, typed for somebody of one's team or perimeter, from paper or by telephone."""
    return _form(request, Desk(agent_to_enter_for(request.agent, agent_id), request.agent))


def _form(request: AgentRequest, desk: Desk) -> HttpResponse:
    if request.method != "POST":
        if is_fragment(request) and "calendrier" in request.GET:
            return _page(request, desk, desk.form(), typed=request.GET, block="days")
        if is_fragment(request) and "first_day" in request.GET:
            preview = _preview(desk, desk.typed(request.GET))
            return _page(request, desk, desk.form(), typed=request.GET, preview=preview, block="preview")
        return _empty(request, desk)
    if is_fragment(request):
        return _part(request, desk)
    if {"jour", "mois", "calculer", "prendre"} & request.POST.keys():
        return _unsent(request, desk)
    return _send(request, desk)


def _part(request: AgentRequest, desk: Desk) -> HttpResponse:
    """As one types: the count, or the fields of the type. Posted, so that no address or log holds what was typed."""
    if "champs" in request.POST:
        return _page(request, desk, desk.form(initial=request.POST.dict()), typed=request.POST, block="type_fields")
    asked = desk.typed(request.POST)
    preview = _preview(desk, asked)
    form = desk.form(initial=request.POST.dict())
    return _page(request, desk, form, typed=request.POST, preview=preview, advice=_advice(desk, asked), block="preview")


def _advice(desk: Desk, form: TypedPeriodForm) -> Advice | None:
    """What the details of a type already tell, before any date is chosen."""
    form.is_valid()
    if form.chosen_type is None or "period" in form.cleaned_data:
        return None
    return advice_on(
        form.chosen_type, form.details, None, current_law(), today(), agent=desk.owner, own=desk.by is None
    )


def _send(request: AgentRequest, desk: Desk) -> HttpResponse:
    form = desk.form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, desk, form, typed=request.POST, status=422)
    try:
        outcome = once(
            request.agent,
            token=form.cleaned_data["form_token"],
            form=desk.draft,
            content=content_of(form),
            action=lambda: _submit(request, desk, form),
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _page(request, desk, form, typed=request.POST, preview=_preview(desk, form), status=422)
    sent = _("Votre demande est envoyée. Vous serez prévenu de la réponse.")
    messages.success(request, _("La demande est envoyée, et l’agent en est prévenu.") if desk.by else sent)
    return HttpResponseRedirect(reverse("leave:request", args=[outcome.result]), status=303)


def _submit(request: AgentRequest, desk: Desk, form: LeaveForm) -> str:
    leave = actions.submit_leave(
        desk.owner,
        form.cleaned_data["leave_type"],
        form.period,
        comment=form.cleaned_data["comment"],
        by=desk.by,
        details=form.details,
        hours=form.hours,
        counters=form.cleaned_data["counters"],
        documents=form.cleaned_data["documents"],
        replacement=form.named_replacement,
        http=request,
    )
    discard_draft(request.agent, desk.draft)
    return str(leave.pk)


def _unsent(request: AgentRequest, desk: Desk) -> HttpResponse:
    """Without JavaScript: a day was tapped, the months turned, or the count asked for. Nothing is sent or lost."""
    typed = request.POST.copy()
    if "jour" in typed:
        first, last = tapped(typed.get("first_day", ""), typed.get("last_day", ""), str(typed["jour"]))
        typed["first_day"], typed["last_day"] = first, last
    if "prendre" in typed:
        typed["first_day"], _slash, typed["last_day"] = str(typed["prendre"]).partition("/")
    form = desk.form(typed)
    if "calculer" in typed and not form.is_valid():
        return _page(request, desk, form, typed=typed, status=422)
    if form.is_valid():
        return _page(request, desk, form, typed=typed, preview=_preview(desk, form))
    return _page(request, desk, desk.form(initial=typed.dict()), typed=typed)


def _empty(request: AgentRequest, desk: Desk) -> HttpResponse:
    asked = {field: request.GET[name] for name, field in ASKED.items() if request.GET.get(name)}
    if code := request.GET.get("code"):
        known = {one.code: str(one.pk) for one in types_to_ask_for(desk.hidden)}
        asked |= {"leave_type": known[code]} if code in known else {}
    draft = None if asked else load_draft(request.agent, desk.draft)
    typed = draft.first_values() if draft else asked
    if typed and "leave_type" not in typed:
        usual = LeaveType.objects.on(today()).first()
        typed |= {"leave_type": str(usual.pk)} if usual else {}
    form = desk.form(initial={**typed, "form_token": new_form_token()})
    preview = _preview(desk, desk.typed(WHOLE_DAYS | typed)) if typed else None
    return _page(request, desk, form, typed=typed, preview=preview, draft_of=draft.updated_at if draft else None)


def _preview(desk: Desk, form: TypedPeriodForm) -> Preview | None:
    """The count of a form, or nothing while its dates are not whole."""
    form.is_valid()
    known = form.cleaned_data
    if "period" not in known or "leave_type" not in known:
        return None
    wish = Wish(
        known["leave_type"],
        known["period"],
        form.minutes,
        known.get("counters") or (),
        form.details,
        replacement=form.named_replacement,
    )
    return preview_of(desk.owner, wish, entered=desk.by is not None)


def _page(
    request: AgentRequest,
    desk: Desk,
    form: LeaveForm,
    *,
    typed: QueryDict | dict[str, str],
    status: int = 200,
    block: str | None = None,
    **context: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "preview": None,
        "draft_of": None,
        "advice": None,
        "draft_key": desk.draft,
        "desk": desk,
    } | context
    if block in (None, "days"):
        context |= {"picker": _calendar(desk, typed), "weekdays": weekdays()}
    return render(request, "leave/new.html", context, status=status, block=block)


def _calendar(desk: Desk, typed: QueryDict | dict[str, str]) -> dict[str, Any]:
    """Two months around what is chosen, or around the month that was turned to."""
    first, last = _day(typed.get("first_day", "")), _day(typed.get("last_day", ""))
    chosen = Period(first, last) if first and last and first <= last else None
    least, most = month_of(today(), -BEHIND), month_of(today(), AHEAD)
    month = month_of(_day(typed.get("mois", "")) or first or today())
    month = min(max(month, least), most)
    months = picker(desk.owner, month, chosen)
    return {
        "months": months,
        "before": max(month_of(month, -1), least),
        "after": min(month_of(month, 1), most),
        "warns": any(cell and (cell.short or cell.kind == "forbidden") for m in months for w in m.weeks for cell in w),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
