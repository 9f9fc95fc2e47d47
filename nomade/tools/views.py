"""The pages of the tools."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.kernel.http import Zone
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.tools import access, actions
from nomade.tools.forms import ToolForm
from nomade.tools.models import Tool


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The tools of an agent, those kept first at the top."""
    context = {
        "tools": list(access.tools_of(request.agent)),
        "outside": request.zone is not Zone.PROFESSIONAL,
        "keeps_list": access.may_keep_list(request.agent),
    }
    return render(request, "tools/index.html", context)


@require_POST
def favourite(request: AgentRequest, tool_id: int) -> HttpResponse:
    """Keeps a tool first, or no longer."""
    tool = access.tool_of(request.agent, tool_id)
    kept = request.POST.get("garder") == "oui"
    actions.keep_first(tool, request.agent, kept=kept)
    said = _("%(name)s est en tête de vos outils.") if kept else _("%(name)s n’est plus en tête de vos outils.")
    messages.success(request, said % {"name": tool.name})
    return redirect("tools:index")


@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    """Every tool, for who keeps the list."""
    if not access.may_keep_list(request.agent):
        raise Http404
    return render(request, "tools/list.html", {"tools": list(Tool.objects.select_related("unit").in_order())})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """A new tool."""
    if not access.may_keep_list(request.agent):
        raise Http404
    return _form(request, Tool())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AgentRequest, tool_id: int) -> HttpResponse:
    """A tool of the list."""
    return _form(request, access.listed_tool(request.agent, tool_id))


def _form(request: AgentRequest, tool: Tool) -> HttpResponse:
    form = ToolForm(request.POST if request.method == "POST" else None, instance=tool)
    if request.method == "POST" and form.is_valid():
        kept = actions.write_tool(form.tool(), by=request.agent, request=request)
        messages.success(request, _("« %(name)s » est enregistré.") % {"name": kept.name})
        return redirect("tools:list")
    context = {"form": form, "is_new": tool.pk is None}
    return render(request, "tools/edit.html", context, status=422 if form.errors else 200)
