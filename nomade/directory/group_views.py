"""The pages of one's own groups of colleagues."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nomade.directory import access
from nomade.directory.actions import groups as actions
from nomade.directory.forms import GroupForm
from nomade.directory.recipients import recipient
from nomade.directory.views import LONGEST_QUERY
from nomade.directory.writing import write_to_all
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: AgentRequest) -> HttpResponse:
    """One's groups, and a new one."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_group(request.agent, form.cleaned_data["name"])
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Le groupe « %(name)s » est créé : ajoutez-y des personnes.") % {"name": made})
            return _to(made.pk)
    context = {"form": form, "groups": list(access.groups_of(request.agent.pk))}
    return render(request, "directory/groups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: AgentRequest, group_id: int) -> HttpResponse:
    """One group: who is in it, who may be added, its name."""
    own = access.group_of(request.agent, group_id)
    form = GroupForm(request.POST or None, initial={"name": own.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_group(own, form.cleaned_data["name"])
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Le groupe est renommé."))
            return _to(own.pk)
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    members = access.members_of_group(own)
    everybody = recipient(request.agent.pk, f"groupe-{own.pk}")
    context = {
        "group": own,
        "form": form,
        "members": members,
        "query": query,
        "found": access.search(query) if query else None,
        "inside": {entry.pk for entry in members},
        "write_to": write_to_all(everybody),
        "unreachable": everybody.unreachable if everybody else 0,
    }
    return render(request, "directory/group.html", context, status=422 if form.errors else 200, block="candidates")


@require_POST
def group_member(request: AgentRequest, group_id: int, agent_id: int) -> HttpResponse:
    """Puts a colleague in one's group, or takes them off."""
    own = access.group_of(request.agent, group_id)
    colleague = access.entry_of(agent_id).agent
    if request.POST.get("retirer") == "oui":
        actions.remove_member(own, colleague)
        said = _("%(name)s n’est plus dans « %(group)s ».")
    else:
        actions.add_member(own, colleague)
        said = _("%(name)s est dans « %(group)s ».")
    messages.success(request, said % {"name": colleague.full_name, "group": own.name})
    return _to(own.pk)


@require_POST
def join(request: AgentRequest, agent_id: int) -> HttpResponse:
    """From somebody's card: puts them in the group chosen there."""
    chosen = request.POST.get("groupe", "")
    known = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
    own = access.group_of(request.agent, int(chosen) if known else 0)
    colleague = access.entry_of(agent_id).agent
    actions.add_member(own, colleague)
    messages.success(request, _("%(name)s est dans « %(group)s ».") % {"name": colleague.full_name, "group": own.name})
    return HttpResponseRedirect(reverse("directory:person", args=[agent_id]), status=303)


@require_POST
def delete_group(request: AgentRequest, group_id: int) -> HttpResponse:
    """Forgets a group."""
    own = access.group_of(request.agent, group_id)
    actions.delete_group(own)
    messages.success(request, _("Le groupe « %(name)s » est supprimé.") % {"name": own.name})
    return HttpResponseRedirect(reverse("directory:groups"), status=303)


def _to(group_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("directory:group", args=[group_id]), status=303)
