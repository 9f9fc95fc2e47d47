"""What the portal needs to know of the news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.news import access, pages
from nomade.news.models import Kind, Receipt
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

LATEST = 3
KEPT = "_news_home"


def _home(request: AgentRequest) -> list[access.Told]:
    """The articles of the home page, read once a request: what waits to be read, and the latest."""
    known: list[access.Told] | None = getattr(request, KEPT, None)
    if known is None:
        known = access.latest_for(request.agent)
        setattr(request, KEPT, known)
    return known


def todo(request: AgentRequest) -> list[TodoItem]:
    """Alerts and what must be read, until it is."""
    return [
        TodoItem(
            title=article.title,
            detail=_("Alerte") if article.kind == Kind.ALERT else _("À lire : on vous demande d’en accuser lecture"),
            url=reverse("news:article", args=[article.pk]),
            action_label=_("Lire"),
            icon="triangle-alert" if article.kind == Kind.ALERT else "newspaper",
            urgent=article.kind == Kind.ALERT,
        )
        for article in _home(request)
        if not article.read and (article.must_read or article.kind == Kind.ALERT)
    ] + pages_to_review(request)


def pages_to_review(request: AgentRequest) -> list[TodoItem]:
    """The useful pages that this owner should read again."""
    told = _home(request)
    if told and not told[0].has_old_page:
        return []
    return [
        TodoItem(
            title=_("Page à relire : %(title)s") % {"title": page.title},
            detail=_("Vous la tenez à jour"),
            url=reverse("news:page", args=[page.slug]),
            action_label=_("Relire"),
            icon="book-open",
            due=page.review_by,
        )
        for page in pages.first_to_review(request.agent)
    ]


def home_card(request: AgentRequest) -> Mapping[str, Any] | None:
    """The three latest; no card without any."""
    latest = [article for article in _home(request) if article.kind != Kind.ALERT][:LATEST]
    return {"articles": latest} if latest else None


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """Articles shown to an agent, and useful pages."""
    return [
        SearchResult(hit.title, hit.summary, reverse("news:page", args=[hit.slug]), "book-open")
        if hit.article is None
        else SearchResult(hit.title, hit.summary, reverse("news:article", args=[hit.article]), "newspaper")
        for hit in access.first_found_for(request.agent, text)
    ]


def answers(_request: AgentRequest, text: str) -> list[SearchResult]:
    """The useful pages that may answer a question."""
    return [
        SearchResult(page.title, page.summary, reverse("news:page", args=[page.slug]), "book-open")
        for page in pages.answering(text)
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """What an agent acknowledged reading."""
    receipts = Receipt.objects.filter(agent=agent).select_related("article").order_by("read_at")
    return {"read": [{"title": item.article.title, "at": item.read_at.isoformat()} for item in receipts]}


SERVICE = Service(
    key="news",
    label=gettext_lazy("Actualités"),
    prefix="actualites/",
    urls="nomade.news.urls",
    summary=gettext_lazy("Lire ce que dit la collectivité."),
    keywords=gettext_lazy("information informations nouvelles note service événement alerte journal"),
    topics={"news": gettext_lazy("Actualités à lire")},
    help="news/_help.html",
    menu=MenuEntry(icon="newspaper", order=75),
    todo=todo,
    may_wait=(
        "(EXISTS (SELECT FROM news_article WHERE state = 'published' AND (must_read OR kind = 'alert'))"
        " OR EXISTS (SELECT FROM news_page WHERE owner_id = %(agent)s))"
    ),
    home_card=HomeCard(template="news/_home_card.html", order=60, context=home_card),
    search=search,
    answers=answers,
    export=export,
    retention=(
        RetentionRule(
            data="Accusés de lecture",
            duration="5 ans après la fin d’affichage",
            source="CNIL, référentiel de gestion du personnel 2019-160 ; preuve de l’information des agents",
        ),
    ),
)
