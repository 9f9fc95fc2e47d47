"""On the support host, for everybody: ask, follow, answer."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.desk_views import Window
from nomade.cases.dialogue_forms import AssignForm, OpinionForm, ReplyForm
from nomade.cases.drafts import discard_draft, load_draft
from nomade.cases.idempotency import once
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.support import access
from nomade.support.actions import tickets as actions
from nomade.support.forms import SortForm, TechnicianForm, TicketForm
from nomade.support.models import Category, Ticket
from nomade.support.queries import going_on, page_of, suggested
from nomade.support.views.gates import tickets_kept_here
from nomade.support.wording import PRIORITY_TONES, contacts, followed_by, opening_in_words, step_titles

DRAFT = "support.ticket"


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The support portal: look up, ask, follow; for a technician, the way to the desk."""
    kept_here = not settings.NOMADE.support_tool_url
    context = {
        "categories": list(Category.objects.filter(active=True)) if kept_here else [],
        "recent": list(access.tickets_of(request.agent).with_people().newest_first()[:3]) if kept_here else [],
        "incidents": going_on(),
        "technician": access.is_technician(request.agent),
        "tool_url": settings.NOMADE.support_tool_url,
        "contacts": contacts(),
        "opening": opening_in_words(),
    }
    return render(request, "support/desk/index.html", context)


@tickets_kept_here
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """The form of a ticket; what is already known is proposed as one types, what is typed is never lost."""
    if request.method != "POST":
        draft = load_draft(request.agent, DRAFT)
        chosen = Category.objects.filter(code=request.GET.get("categorie", "")).first()
        start: dict[str, Any] = {"category": chosen.pk} if chosen else {}
        if request.GET.get("objet"):
            start["subject"] = request.GET["objet"][:160]
        form = TicketForm(initial={**start, **(draft.first_values() if draft else {})})
        return _form_page(request, form, draft_of=draft.updated_at if draft else None)
    form = TicketForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        outcome = once(
            request.agent,
            token=form.cleaned_data["form_token"],
            form=DRAFT,
            content=form.content,
            action=lambda: _open(request, form),
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _form_page(request, form, status=422)
    messages.success(request, _("Votre demande est envoyée. Vous serez prévenu de chaque réponse."))
    return HttpResponseRedirect(reverse("desk:ticket", args=[outcome.result]), status=303)


def _open(request: AgentRequest, form: TicketForm) -> str:
    data = form.cleaned_data
    ticket = actions.open_ticket(
        request.agent,
        category=data["category"],
        subject=data["subject"],
        text=data["text"],
        files=data["pieces"],
        blocking=data["blocking"],
        http=request,
    )
    discard_draft(request.agent, DRAFT)
    return str(ticket.pk)


def _form_page(request: AgentRequest, form: TicketForm, *, status: int = 200, **context: Any) -> HttpResponse:
    typed = str(form["subject"].value() or "")
    shown = {"form": form, "draft_of": None, "draft_key": DRAFT, "articles": _proposed(request, typed)} | context
    return render(request, "support/desk/new.html", shown, status=status)


@require_safe
def proposals(request: AgentRequest) -> HttpResponse:
    """The articles that answer to what is being typed: a piece of the form's page."""
    context = {"articles": _proposed(request, request.GET.get("subject", "")[:160])}
    return render(request, "support/desk/_proposals.html", context)


def _proposed(request: AgentRequest, typed: str) -> list[Any]:
    return suggested(access.articles_for(request.agent), typed)[:4]


@tickets_kept_here
@require_safe
def mine(request: AgentRequest) -> HttpResponse:
    """An agent's own tickets, the newest first."""
    page = page_of(access.tickets_of(request.agent), newest=True, after=request.GET.get("apres", ""))
    return render(request, "support/desk/mine.html", {"page": page, "now": now()})


@tickets_kept_here
@require_safe
def detail(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """A ticket: its messages, its timeline, what one may do with it."""
    ticket, handles = access.ticket_for(request.agent, ticket_id)
    return detail_page(request, ticket, handles=handles)


def detail_page(
    request: AgentRequest,
    ticket: Ticket,
    *,
    handles: bool,
    form: ReplyForm | None = None,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    """The page of a ticket, for its agent or for the desk."""
    written = WINDOW.written(request, ticket, handles=handles)
    if form is None:
        form = (TechnicianForm if handles else ReplyForm)(initial=written.typed)
    context: dict[str, Any] = {
        "ticket": ticket,
        "handles": handles,
        "form": form,
        "conversation": written.messages,
        "followed": WINDOW.followed(
            ticket,
            followed_by(ticket),
            step_titles(),
            written,
            handles=handles,
            recall=reverse("desk:recall", args=[ticket.pk]),
        ),
        "priority_tone": PRIORITY_TONES[ticket.priority],  # type: ignore[index]
        "notice": notice,
        "draft_key": WINDOW.draft_key(ticket),
        "late": ticket.is_waiting and ticket.due_at < now(),
    }
    if handles:
        sorted_as = {"category": ticket.category_id, "team": ticket.team_id, "priority": ticket.priority}
        context["sort_form"] = SortForm(initial=sorted_as)
        colleagues = access.technicians().exclude(pk=ticket.owner_id)
        context["assign_form"] = AssignForm(able=colleagues, initial={"assignee": ticket.assignee_id})
    return render(request, "support/desk/ticket.html", context, status=status)


WINDOW = Window(
    actions.DESK,
    "support",
    page=detail_page,
    address=lambda ticket: reverse("desk:ticket", args=[ticket.pk]),
    reload=access.handled_ticket,
)


@tickets_kept_here
@require_POST
def reply(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """The agent writes."""
    ticket = access.ticket_of(request.agent, ticket_id)
    return WINDOW.reply(request, ticket, ReplyForm(request.POST, request.FILES))


@tickets_kept_here
@require_POST
def recall(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """« Relancer »: the agent reminds the support of what it promised."""
    return WINDOW.recall(request, access.ticket_of(request.agent, ticket_id))


@tickets_kept_here
@require_POST
def close(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """« C’est réglé »: the agent ends their own ticket."""
    return WINDOW.close(request, access.ticket_of(request.agent, ticket_id))


@tickets_kept_here
@require_POST
def rate(request: AgentRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """What the agent thinks of the answer."""
    return WINDOW.rate(request, access.ticket_of(request.agent, ticket_id), OpinionForm(request.POST))


@tickets_kept_here
@require_safe
def download(request: AgentRequest, ticket_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of a message, for who may read the message."""
    ticket, handles = access.ticket_for(request.agent, ticket_id)
    return WINDOW.download(ticket, file_id, handles=handles)
