"""Useful pages: reading and keeping them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.news import pages
from nomade.news.forms import PageForm
from nomade.news.models import Page
from nomade.news.text import shown
from nomade.people.http import AgentRequest


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The tree, or what holds the words searched."""
    query = request.GET.get("q", "").strip()[:100]
    context = {
        "query": query,
        "found": list(pages.found(query)[:50]) if query else None,
        "tree": pages.tree(),
        "may_keep": pages.may_keep(request.agent),
    }
    return render(request, "news/pages.html", context)


@require_safe
def page(request: AgentRequest, slug: str) -> HttpResponse:
    """One page, those below it, and whom to tell when it is wrong."""
    kept = pages.page_at(request.agent, slug)
    context = {
        "page": kept,
        "body": shown(kept.body),
        "below": list(pages.pages().filter(parent=kept).in_order()),
        "may_keep": pages.may_keep(request.agent),
        "is_late": kept.review_by <= today(),
    }
    return render(request, "news/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """A new page."""
    if not pages.may_keep(request.agent):
        raise Http404
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AgentRequest, slug: str) -> HttpResponse:
    """A page being changed."""
    if not pages.may_keep(request.agent):
        raise Http404
    return _form(request, pages.page_at(request.agent, slug))


def _form(request: AgentRequest, kept: Page | None) -> HttpResponse:
    form = PageForm(request.POST if request.method == "POST" else None, page=kept, writer=request.agent)
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = form.fields_to_keep()
        try:
            written = pages.write(kept, fields, by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("La page est enregistrée."))
            return redirect("news:page", written.slug)
    return render(request, "news/edit_page.html", {"form": form, "page": kept}, status=422 if form.errors else 200)
