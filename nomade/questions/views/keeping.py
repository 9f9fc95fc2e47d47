"""What human resources keep: topics, offices, ways, closings; and how well questions are answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import holders_of
from nomade.people.http import AgentRequest
from nomade.people.roles import Role
from nomade.questions import access
from nomade.questions.actions import keeping
from nomade.questions.keeping_forms import ClosingForm, EndTopicForm, OfficeForm, TopicForm, WayForm
from nomade.questions.models import OFFICE_ROLES, Closing, Office, Topic, Way
from nomade.questions.queries import figures
from nomade.questions.views.gates import for_keepers, for_officers

MOST_SHOWN = 200


@for_keepers
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Everything that decides who answers whom, and by when."""
    return _index(request)


def _index(request: AgentRequest, *, status: int = 200, **forms_of: forms.Form) -> HttpResponse:
    day = today()
    offices, topics = access.offices(), access.topics_on(day)
    ways = Way.objects.select_related("unit", "office").order_by("unit__path", "topic", "-valid_from")
    context: dict[str, Any] = {
        "offices": Office.objects.prefetch_related("members").select_related("lead"),
        "topics": Topic.objects.select_related("office").order_by("order", "label", "-valid_from")[:MOST_SHOWN],
        "topic_labels": {topic.code: topic.label for topic in topics},
        "ways": ways[:MOST_SHOWN],
        "closings": Closing.objects.select_related("office").filter(last_day__gte=day - timedelta(days=60)),
        "way_form": WayForm(offices=offices, topics=topics, initial={"start": day}),
        "closing_form": ClosingForm(offices=offices),
        "today": day,
    }
    return render(request, "questions/keeping.html", context | forms_of, status=status)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request: AgentRequest) -> HttpResponse:
    """Another topic."""
    return _topic(request, None)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: AgentRequest, topic_id: int) -> HttpResponse:
    """A topic, to change from a day on."""
    return _topic(request, get_object_or_404(Topic, pk=topic_id))


def _topic(request: AgentRequest, kept: Topic | None) -> HttpResponse:
    names = ("label", "hint", "office", "promised_days", "service", "order")
    start: dict[str, Any] = {"start": today()}
    if kept is not None:
        start |= {name: getattr(kept, f"{name}_id" if name == "office" else name) for name in names}
    sent = request.method == "POST"
    form = TopicForm(request.POST if sent else None, offices=access.offices(), initial=start)
    if sent and form.is_valid():
        facts = keeping.TopicFacts(**{name: form.cleaned_data[name] for name in names})
        begins: date = form.cleaned_data["start"]
        try:
            if kept is None:
                keeping.add_topic(facts, start=begins, by=request.agent, http=request)
            else:
                keeping.change_topic(kept, facts, start=begins, by=request.agent, http=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _done(request)
    context = {"form": form, "kept": kept, "end_form": EndTopicForm(initial={"last": today()})}
    return render(request, "questions/topic.html", context, status=422 if form.errors else 200)


@for_keepers
@require_POST
def end_topic(request: AgentRequest, topic_id: int) -> HttpResponse:
    """Offers a topic no longer."""
    kept = get_object_or_404(Topic, pk=topic_id)
    form = EndTopicForm(request.POST)
    if form.is_valid():
        try:
            keeping.end_topic(kept, last=form.cleaned_data["last"], by=request.agent, http=request)
        except Refusal as refusal:
            form.add_error("last", refusal.message)
        else:
            return _done(request)
    start = TopicForm(offices=access.offices(), initial={"label": kept.label, "start": today()})
    context = {"form": start, "kept": kept, "end_form": form}
    return render(request, "questions/topic.html", context, status=422)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def new_office(request: AgentRequest) -> HttpResponse:
    """Another office."""
    return _office(request, None)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: AgentRequest, office_id: int) -> HttpResponse:
    """An office, to change."""
    return _office(request, get_object_or_404(Office, pk=office_id))


def _office(request: AgentRequest, kept: Office | None) -> HttpResponse:
    start: dict[str, Any] = {}
    if kept is not None:
        start = {
            "label": kept.label,
            "role": kept.role,
            "days": [str(number) for number, sign in enumerate(kept.week) if sign == "1"],
            "lead": kept.lead_id,
            "members": list(kept.members.values_list("pk", flat=True)),
            "active": kept.active,
        }
    roles = (Role(kept.role),) if kept else OFFICE_ROLES
    sent = request.method == "POST"
    officers = holders_of(*roles).order_by("sort_name")
    form = OfficeForm(request.POST if sent else None, officers=officers, initial=start)
    if sent and form.is_valid():
        data = form.cleaned_data
        wanted = {name: data[name] for name in ("label", "role", "lead", "members", "active")}
        try:
            keeping.save_office(kept, week=form.week, by=request.agent, http=request, **wanted)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _done(request)
    return render(request, "questions/office.html", {"form": form, "kept": kept}, status=422 if form.errors else 200)


@for_keepers
@require_POST
def add_way(request: AgentRequest) -> HttpResponse:
    """Leads a unit to an office."""
    form = WayForm(request.POST, offices=access.offices(), topics=access.topics_on(today()))
    if not form.is_valid():
        return _index(request, way_form=form, status=422)
    keeping.add_way(by=request.agent, http=request, **form.cleaned_data)
    return _done(request)


@for_keepers
@require_POST
def end_way(request: AgentRequest, way_id: int) -> HttpResponse:
    """Ends a way."""
    keeping.end_way(get_object_or_404(Way.objects.select_related("unit"), pk=way_id), by=request.agent, http=request)
    return _done(request)


@for_keepers
@require_POST
def add_closing(request: AgentRequest) -> HttpResponse:
    """Keeps days on which nobody answers."""
    form = ClosingForm(request.POST, offices=access.offices())
    if not form.is_valid():
        return _index(request, closing_form=form, status=422)
    keeping.add_closing(by=request.agent, http=request, **form.cleaned_data)
    return _done(request)


@for_keepers
@require_POST
def remove_closing(request: AgentRequest, closing_id: int) -> HttpResponse:
    """Forgets them."""
    keeping.remove_closing(get_object_or_404(Closing, pk=closing_id), by=request.agent, http=request)
    return _done(request)


@for_officers
@require_safe
def report(request: AgentRequest) -> HttpResponse:
    """Three months of one's own questions: how many on what, late or not, what agents think."""
    last = today()
    first = last - timedelta(days=91)
    rows = figures(access.questions_handled_by(request.agent), first, last)
    context = {"rows": rows, "first": first, "last": last, "keeps": access.keeps_lists(request.agent)}
    return render(request, "questions/report.html", context)


def _done(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("C’est enregistré."))
    return HttpResponseRedirect(reverse("questions:keeping"), status=303)
