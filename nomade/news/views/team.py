"""« Lu en équipe »: a supervisor reads something to the team and ticks who was there."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.pages import render
from nomade.news import access, actions
from nomade.news.audience import waited_for
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What must be read by somebody of the team."""
    if not supervised_by(request.agent).exists():
        raise Http404
    articles = list(access.articles_for(request.agent).filter(must_read=True).newest()[:30])
    return render(request, "news/team.html", {"articles": articles})


@require_http_methods(["GET", "HEAD", "POST"])
def article(request: AgentRequest, article_id: uuid.UUID) -> HttpResponse:
    """Those of the team who have not read it yet, to be ticked."""
    found = access.articles_for(request.agent).filter(pk=article_id, must_read=True).first()
    if found is None or not supervised_by(request.agent).exists():
        raise Http404
    if request.method == "POST":
        ticked = [int(value) for value in request.POST.getlist("agent") if value.isdecimal()][:500]
        count = actions.read_to_team(found, ticked, by=request.agent, request=request)
        said = ngettext("%(count)s lecture notée.", "%(count)s lectures notées.", count)
        messages.success(request, said % {"count": count})
        return redirect("news:team-article", found.pk)
    team = (waited_for(found) & supervised_by(request.agent)).order_by("sort_name")[:200]
    return render(request, "news/team_article.html", {"article": found, "team": list(team)})
