"""The knowledge base: read by all on the support host, written by technicians and editors."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.support import access
from nomade.support.actions.knowledge import save_article
from nomade.support.forms import ArticleForm
from nomade.support.models import Article
from nomade.support.queries import suggested
from nomade.support.wording import blocks

SHOWN = 100


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What a search finds, best first; everything by category otherwise."""
    typed = request.GET.get("q", "").strip()[:160]
    articles = access.articles_for(request.agent)
    if typed:
        found = suggested(articles, typed)
    else:
        found = list(articles.select_related("category").order_by("category__order", "title")[:SHOWN])
    context = {"articles": found, "typed": typed, "may_write": access.may_write_articles(request.agent)}
    return render(request, "support/desk/articles.html", context, block="found")


@require_safe
def article(request: AgentRequest, slug: str) -> HttpResponse:
    """One article."""
    found = access.article_for(request.agent, slug)
    may_write = access.may_write_articles(request.agent)
    return render(
        request, "support/desk/article.html", {"article": found, "blocks": blocks(found.body), "may_write": may_write}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """A new article."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AgentRequest, slug: str) -> HttpResponse:
    """Changes an article."""
    return _edit(request, access.article_for(request.agent, slug))


def _edit(request: AgentRequest, found: Article | None) -> HttpResponse:
    if not access.may_write_articles(request.agent):
        raise Http404
    form = ArticleForm(request.POST) if request.method == "POST" else ArticleForm.of(found) if found else ArticleForm()
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_article(found, by=request.agent, http=request, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("L’article est enregistré."))
            return HttpResponseRedirect(reverse("desk:article", args=[saved.slug]), status=303)
    context = {"form": form, "article": found}
    return render(request, "support/desk/article_form.html", context, status=422 if form.errors else 200)
