"""What an agent reads."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.files import store
from nomade.files.http import attachment, preview
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.news import access, actions
from nomade.news.models import Article, Kind
from nomade.news.poster import poster as draw_poster
from nomade.news.text import shown
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.teams import team_of


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What must be read first, then everything, the newest first."""
    kind = request.GET.get("nature", "")
    query = request.GET.get("q", "").strip()[:100]
    context = {
        "page": _page(request.agent, query, kind if kind in Kind.values else "", request.GET.get("page")),
        "kind": kind,
        "kinds": Kind.choices,
        "query": query,
        "is_editor": access.may_write(request.agent),
        "is_supervisor": bool(team_of(request.agent, today())),
    }
    return render(request, "news/index.html", context)


def _page(agent: Agent, query: str, kind: str, number: str | None) -> Page[Article]:
    if query or kind or number not in {None, "1"}:
        articles = access.found_for(agent, query) if query else access.articles_for(agent).newest()
        return Paginator(articles.filter(kind=kind) if kind else articles, access.A_PAGE).get_page(number)
    found, count = access.first_page_for(agent)
    paginator = Paginator(found, access.A_PAGE)
    paginator.count = count
    return Page(found, 1, paginator)


@require_safe
def article(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """One article."""
    found = access.article_for(request.agent, article_id)
    context = {
        "article": found,
        "body": shown(found.body),
        "documents": list(found.attachments.select_related("file")),
        "asks_receipt": (found.must_read or found.kind == Kind.ALERT) and not found.read,  # type: ignore[attr-defined]
    }
    return render(request, "news/article.html", context)


@require_POST
def say_read(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """« J’ai lu »."""
    actions.say_read(access.article_for(request.agent, article_id), request.agent)
    messages.success(request, _("Merci, votre lecture est notée."))
    return redirect("news:index")


@require_POST
def opened(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Counts one opening; the page asks by itself, so it does not prolong the session."""
    actions.count_opening(access.article_for(request.agent, article_id))
    return HttpResponse(status=204)


@require_safe
def picture(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """The picture, drawn anew when it was sent."""
    found = access.article_for(request.agent, article_id)
    if found.picture is None:
        raise Http404
    return preview(store.read(found.picture), content_type=found.picture.content_type)


@require_safe
def document(request: AgentRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """A document of an article, to keep."""
    kept = access.attachment_for(request.agent, attachment_id).file
    return attachment(store.read(kept), name=kept.name, content_type=kept.content_type)


@require_safe
def poster(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """The article as a poster."""
    found = access.article_for(request.agent, article_id)
    return attachment(draw_poster(found), name=f"affiche-{found.title[:60]}.pdf", content_type="application/pdf")
