"""For every agent: ask, follow, answer, say whether it helped."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.dialogue_forms import OpinionForm, ReplyForm, path_of
from nomade.cases.drafts import discard_draft, load_draft
from nomade.cases.idempotency import once
from nomade.cases.lists import page_of
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.registry import service_at
from nomade.people.http import AgentRequest, roles_of_request
from nomade.questions import access
from nomade.questions.actions import questions as actions
from nomade.questions.calendars import calendars_around
from nomade.questions.forms import AskForm
from nomade.questions.models import OFFICE_ROLES, Office, Topic
from nomade.questions.proposals import proposals
from nomade.questions.views.detail import WINDOW, detail_page

DRAFT = "questions.new"


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """One's own questions, the newest first; for who answers, the way to the desk."""
    page = page_of(
        access.questions_of(request.agent).with_people(),
        "submitted_at",
        newest=True,
        after=request.GET.get("apres", ""),
        size=20,
    )
    officer = not roles_of_request(request).isdisjoint(OFFICE_ROLES)
    return render(request, "questions/index.html", {"page": page, "officer": officer})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """The form; what is already known is proposed as one types, what is typed is never lost."""
    topics = access.topics_on(today())
    offices = access.offices_for(request.agent, topics, today())
    if request.method != "POST":
        draft = load_draft(request.agent, DRAFT)
        initial = {**_linked(request, topics), **(draft.first_values() if draft else {})}
        form = AskForm(initial=initial | _where(request), topics=topics, offices=offices)
        return _form_page(request, form, topics, offices, draft_of=draft.updated_at if draft else None)
    form = AskForm(request.POST, request.FILES, topics=topics, offices=offices)
    if not form.is_valid():
        return _form_page(request, form, topics, offices, status=422)
    token = form.cleaned_data["form_token"]
    try:
        outcome = once(request.agent, token=token, form=DRAFT, content=form.content, action=lambda: _ask(request, form))
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _form_page(request, form, topics, offices, status=422)
    messages.success(request, _("Votre question est envoyée. Vous serez prévenu de la réponse."))
    return HttpResponseRedirect(reverse("questions:page", args=[outcome.result]), status=303)


def _ask(request: AgentRequest, form: AskForm) -> str:
    data = form.cleaned_data
    question = actions.ask(
        request.agent,
        topic=data["topic"],
        subject=data["subject"],
        text=data["text"],
        files=data["pieces"],
        page=data["page"],
        about=data["about"],
        http=request,
    )
    discard_draft(request.agent, DRAFT)
    return str(question.pk)


def _where(request: AgentRequest) -> dict[str, str]:
    """The page one comes from and what of it, when a link says so: never what a draft of another page said."""
    line, of = request.GET.get("ligne", "").strip(), request.GET.get("de", "").strip()
    page = path_of(request.GET.get("page", ""))
    if not (page or line):
        return {}
    about = _("« %(line)s », %(of)s") % {"line": line, "of": of} if line and of else line or of
    return {"page": page, "about": about[:200]}


def _linked(request: AgentRequest, topics: list[Topic]) -> dict[str, str]:
    """The topic and the words that the page one comes from proposes."""
    line, of = request.GET.get("ligne", "").strip(), request.GET.get("de", "").strip()
    topic = access.topic_of_service(topics, _service_of(path_of(request.GET.get("page", ""))))
    chosen = request.GET.get("sujet", "") or (topic.code if topic else "")
    subject = _("%(line)s, %(of)s") % {"line": line, "of": of} if line and of else ""
    return {"topic": chosen, "subject": subject[:160]}


def _service_of(page: str) -> str:
    """The key of the service that a page belongs to, or nothing."""
    try:
        spaces = resolve(page, urlconf="nomade.config.urls.portal").namespaces if page else []
    except Resolver404:
        return ""
    service = service_at(spaces[0]) if spaces else None
    return service.key if service else ""


def _form_page(
    request: AgentRequest,
    form: AskForm,
    topics: list[Topic],
    offices: dict[int, Office],
    *,
    status: int = 200,
    draft_of: Any = None,
) -> HttpResponse:
    promises = _promises(topics, offices)
    code = str(form["topic"].value() or "")
    context = {
        "form": form,
        "draft_of": draft_of,
        "draft_key": DRAFT,
        "about": str(form["about"].value() or ""),
        "here": request.get_full_path(),
        "found": proposals(request, str(form["subject"].value() or "")),
        "chosen": next((one for one in promises if one["topic"].code == code), None),
        "promises": promises,
    }
    return render(request, "questions/new.html", context, status=status)


def _promises(topics: list[Topic], offices: dict[int, Office]) -> list[dict[str, Any]]:
    """For each topic: who answers this agent, and by when if asked today."""
    day = today()
    calendars = calendars_around(offices.values(), day)
    return [
        {
            "topic": topic,
            "office": offices[topic.pk],
            "by": calendars[offices[topic.pk].pk].after(day, topic.promised_days),
        }
        for topic in topics
    ]


@require_safe
def proposed(request: AgentRequest) -> HttpResponse:
    """What may answer what is being typed: a piece of the form's page."""
    typed = request.GET.get("subject", "")[:160]
    return render(request, "questions/_proposals.html", {"found": proposals(request, typed)})


@require_safe
def promised(request: AgentRequest) -> HttpResponse:
    """Who answers on a topic, and by when: a piece of the form's page."""
    asked = [topic for topic in access.topics_on(today()) if topic.code == request.GET.get("topic", "")]
    promises = _promises(asked, access.offices_for(request.agent, asked, today())) if asked else []
    chosen = promises[0] if promises else None
    return render(request, "questions/_promise.html", {"chosen": chosen})


@require_safe
def page(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """A question: its messages, its timeline, what one may do with it; for its agent and for the office."""
    question, handles = access.question_for(request.agent, question_id)
    return detail_page(request, question, handles=handles)


@require_POST
def reply(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """The agent writes; what was answered or closed is open again."""
    question = access.question_of(request.agent, question_id)
    return WINDOW.reply(request, question, ReplyForm(request.POST, request.FILES))


@require_POST
def recall(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """« Relancer »: the agent reminds the office of what it promised."""
    return WINDOW.recall(request, access.question_of(request.agent, question_id))


@require_POST
def close(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """« C’est réglé »: the agent ends their own question."""
    return WINDOW.close(request, access.question_of(request.agent, question_id))


@require_POST
def rate(request: AgentRequest, question_id: uuid.UUID) -> HttpResponse:
    """What the agent thinks of the answer: one tap."""
    return WINDOW.rate(request, access.question_of(request.agent, question_id), OpinionForm(request.POST))


@require_safe
def download(request: AgentRequest, question_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of a message, for who may read the message."""
    question, handles = access.question_for(request.agent, question_id)
    return WINDOW.download(question, file_id, handles=handles)
