"""The desk: the list, and what an officer does with a question."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.dialogue_forms import AnswerForm, AssignForm
from nomade.cases.lists import searched
from nomade.cases.queues import TABS, VIEWS
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.questions import access
from nomade.questions.actions import keeping
from nomade.questions.actions import questions as actions
from nomade.questions.forms import HandOverForm
from nomade.questions.keeping_forms import ReadyAnswerForm
from nomade.questions.models import Question, QuestionQuerySet
from nomade.questions.queries import page_of, queue, tab_counts
from nomade.questions.views.detail import WINDOW
from nomade.questions.views.gates import for_officers

ORDERS = (
    ("promesse", gettext_lazy("Réponse promise")),
    ("age", gettext_lazy("Les plus anciennes")),
    ("recentes", gettext_lazy("Les plus récentes")),
)


@for_officers
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The list: by promise, age or topic; or what a search finds, the newest first."""
    mine, day = access.questions_handled_by(request.agent), today()
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "vue", "bureau", "sujet", "ordre")}
    view = asked["vue"] if asked["vue"] in VIEWS else "a-prendre"
    order = asked["ordre"] or ("recentes" if asked["q"] or view == "toutes" else "promesse")
    shown = _narrowed(searched(mine, asked["q"]) if asked["q"] else queue(mine, request.agent, view, day), asked)
    roles = access.held_roles(request.agent)
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "page": page_of(shown, order=order, after=request.GET.get("apres", "")),
        "tabs": TABS,
        "orders": ORDERS,
        "counts": {} if asked["q"] else tab_counts(mine, request.agent, day),
        "view": view,
        "order": order,
        "asked": asked,
        "query": urlencode(kept),
        "offices": [office for office in access.offices() if office.role in roles],
        "topics": access.topics_on(day),
        "today": day,
        "keeps": access.keeps_lists(request.agent),
    }
    return render(request, "questions/desk.html", context)


def _narrowed(questions: QuestionQuerySet, asked: dict[str, str]) -> QuestionQuerySet:
    if asked["bureau"]:
        questions = questions.filter(office__code=asked["bureau"])
    return questions.filter(topic__code=asked["sujet"]) if asked["sujet"] else questions


@for_officers
@require_POST
def answer(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """Writes to the agent, or keeps a note; then the same question, or the next one of the list."""
    question = access.handled_question(request.agent, question_id)
    refused = WINDOW.answer(request, question, AnswerForm(request.POST, request.FILES))
    if refused is not None:
        return refused
    return _next(request, question) if "suivante" in request.POST else WINDOW.back(question)


def _next(request: AgentRequest, done: Question) -> HttpResponse:
    """The question promised soonest of those that one follows, else of those that nobody took; else the list."""
    mine = access.questions_handled_by(request.agent).waiting().exclude(pk=done.pk).order_by("promised_on", "pk")
    coming = mine.filter(assignee=request.agent).first() or mine.filter(assignee__isnull=True).first()
    if coming is None:
        messages.success(request, _("Plus aucune question n’attend."))
        return HttpResponseRedirect(reverse("questions:desk"), status=303)
    return WINDOW.back(coming)


@for_officers
@require_POST
def assign(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """Takes a question, or gives it to a colleague."""
    question = access.handled_question(request.agent, question_id)
    form = AssignForm(request.POST, able=access.officers_for(question.office, question.owner))
    return WINDOW.assign(request, question, form)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """Gives a question to another office; who may not read it there comes back to the list."""
    question = access.handled_question(request.agent, question_id)
    others = [office for office in access.offices() if office.pk != question.office_id]
    sent = request.method == "POST"
    form = HandOverForm(request.POST if sent else None, offices=others)
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            actions.hand_over(question, to=data["office"], by=request.agent, note=data["note"], http=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            said = _("%(reference)s est transmise : %(office)s.")
            messages.success(request, said % {"reference": question, "office": data["office"].label})
            still = access.questions_handled_by(request.agent).filter(pk=question.pk).exists()
            return WINDOW.back(question) if still else HttpResponseRedirect(reverse("questions:desk"), status=303)
    context = {"form": form, "question": question}
    return render(request, "questions/hand_over.html", context, status=422 if form.errors else 200)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def ready_answers(request: AgentRequest) -> HttpResponse:
    """The answers written beforehand, and a form for another."""
    return _ready_form(request, None)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def ready_answer(request: AgentRequest, answer_id: int) -> HttpResponse:
    """One of them, to correct."""
    return _ready_form(request, answer_id)


def _ready_form(request: AgentRequest, answer_id: int | None) -> HttpResponse:
    kept = access.ready_answer_for(request.agent, answer_id) if answer_id is not None else None
    roles = access.held_roles(request.agent)
    offices = [office for office in access.offices() if office.role in roles]
    start = {"title": kept.title, "text": kept.text, "office": kept.office_id, "active": kept.active} if kept else {}
    sent = request.method == "POST"
    form = ReadyAnswerForm(request.POST if sent else None, offices=offices, initial=start)
    if sent and form.is_valid():
        keeping.save_ready_answer(kept, by=request.agent, http=request, **form.cleaned_data)
        messages.success(request, _("La réponse type est enregistrée."))
        return HttpResponseRedirect(reverse("questions:ready-answers"), status=303)
    context = {
        "form": form,
        "kept": kept,
        "answers": [] if kept else list(access.ready_answers_for(request.agent)),
        "keeps": access.keeps_lists(request.agent),
    }
    return render(request, "questions/ready_answers.html", context, status=422 if form.errors else 200)
