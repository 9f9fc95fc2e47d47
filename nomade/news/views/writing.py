"""The editor's desk."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files.http import attachment
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.spreadsheets import CSV_TYPE, csv_text
from nomade.news import access, actions
from nomade.news.actions import Written
from nomade.news.audience import Aim, agents_aimed_at, count, waited_for
from nomade.news.audience import readers as readers_of
from nomade.news.forms import TEXT, ArticleForm, PublishForm, TargetsForm
from nomade.news.models import Article, Attachment
from nomade.people.http import AgentRequest

A_PAGE = 25
SHOWN_READERS = 100
# Proposed as one types; the code of any other unit may be written.
MOST_UNITS = 400


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The articles of this editor, whatever their state."""
    _editors_only(request)
    articles = access.editable_articles(request.agent).order_by("-created_at")
    page = Paginator(articles, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "news/desk.html", {"page": page, "now": now()})


def _editors_only(request: AgentRequest) -> None:
    if not access.may_write(request.agent):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """A new article."""
    _editors_only(request)
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """An article being written, or corrected once published."""
    return _form(request, access.editable_article(request.agent, article_id))


def _form(request: AgentRequest, article: Article | None) -> HttpResponse:
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ArticleForm(*typed, article=article)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.write_article(article, _written(form), by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("L’article est enregistré."))
            return redirect("news:publish" if "continue" in request.POST else "news:edit", kept.pk)
    context = {
        "form": form,
        "article": article,
        "documents": list(article.attachments.select_related("file")) if article else [],
        "audience": count(_typed_aims(form, article)),
        "units": list(access.units_to_aim_at(request.agent)[:MOST_UNITS]),
    }
    return render(request, "news/edit.html", context, status=422 if form.errors else 200)


def _typed_aims(form: ArticleForm, article: Article | None) -> list[Aim]:
    if form.is_bound and not form.errors:
        return form.aims()
    return [Aim.of(target) for target in article.targets.select_related("unit")] if article else []


def _written(form: ArticleForm) -> Written:
    cleaned: dict[str, Any] = form.cleaned_data
    return Written(
        fields={name: cleaned[name] for name in TEXT},
        aims=form.aims(),
        picture=next(iter(cleaned["picture"]), None),
        drop_picture=cleaned["drop_picture"],
        documents=cleaned["documents"],
        version=cleaned["version"],
    )


@require_safe
def audience(request: AgentRequest) -> HttpResponse:
    """How many agents the lines typed so far would reach; asked by the form as it changes."""
    _editors_only(request)
    form = TargetsForm(request.GET)
    found = count(form.aims()) if form.is_valid() else None
    return render(request, "news/_audience.html", {"audience": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """The audience is counted before anything is shown; then now, or at a moment."""
    article = access.editable_article(request.agent, article_id)
    form = PublishForm(request.POST if request.method == "POST" else None)
    second = settings.NOMADE.news_second_reader
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.publish(
                article, by=request.agent, request=request, at=form.cleaned_data["at"], needs_second=second
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _said(done))
            return redirect("news:desk")
    aims = [Aim.of(target) for target in article.targets.select_related("unit")]
    context = {
        "form": form,
        "article": article,
        "aims": aims,
        "audience": count(aims),
        "needs_second": second and article.author_id == request.agent.pk,
    }
    return render(request, "news/publish.html", context, status=422 if form.errors else 200)


def _said(article: Article) -> str:
    if article.publish_at and article.publish_at > now():
        return _("L’article paraîtra à l’heure choisie.")
    return _("L’article est publié.")


@require_POST
def review(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Hands a draft to another editor."""
    actions.ask_review(access.editable_article(request.agent, article_id), by=request.agent, request=request)
    messages.success(request, _("L’article attend une relecture."))
    return redirect("news:desk")


@require_POST
def withdraw(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Hides a published article."""
    actions.withdraw(access.editable_article(request.agent, article_id), by=request.agent, request=request)
    messages.success(request, _("L’article n’est plus visible."))
    return redirect("news:desk")


@require_safe
def readers(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Who has read what must be read, who has not, and how often it was opened."""
    article = access.editable_article(request.agent, article_id)
    waiting = waited_for(article)
    context = {
        "article": article,
        "receipts": list(readers_of(article)[:SHOWN_READERS]),
        "read_count": readers_of(article).count(),
        "waiting": list(waiting[:SHOWN_READERS]),
        "waiting_count": waiting.count(),
        "openings": article.openings.aggregate(total=Sum("count"))["total"] or 0,
    }
    return render(request, "news/readers.html", context)


@require_safe
def readers_file(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Everybody the article is for, with when they read it, for a spreadsheet."""
    article = access.editable_article(request.agent, article_id)
    read = {receipt.agent_id: receipt for receipt in readers_of(article)}
    aims = [Aim.of(target) for target in article.targets.select_related("unit")]
    rows = []
    for agent in agents_aimed_at(aims).order_by("sort_name").iterator(5000):
        receipt = read.get(agent.pk)
        when = f"{receipt.read_at:%Y-%m-%d}" if receipt else ""
        by = receipt.ticked_by.full_name if receipt and receipt.ticked_by else ""
        rows.append((agent.matricule, agent.full_name, when, by))
    text = csv_text(["matricule", "nom", "lu le", "noté par"], rows)
    return attachment(text.encode(), name="lecteurs.csv", content_type=CSV_TYPE)


@require_POST
def remind(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Tells again those who have not read."""
    told = actions.remind(access.editable_article(request.agent, article_id), by=request.agent, request=request)
    messages.success(
        request, ngettext("%(count)s agent relancé.", "%(count)s agents relancés.", told) % {"count": told}
    )
    return redirect("news:readers", article_id)


@require_POST
def drop_document(request: AgentRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Takes a document off an article."""
    kept = Attachment.objects.select_related("file").filter(pk=attachment_id).first()
    if kept is None:
        raise Http404
    article = access.editable_article(request.agent, kept.article_id)
    actions.drop_document(kept, by=request.agent, request=request)
    return redirect("news:edit", article.pk)
