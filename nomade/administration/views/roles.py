"""Who holds which role, over what, from when to when; given and ended by an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nomade.accounts.factors.stepup import step_up_required
from nomade.administration import granting
from nomade.administration.access import administrators_only
from nomade.administration.role_forms import RoleForm
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

A_PAGE = 50


@administrators_only
@require_http_methods(["GET", "HEAD"])
def index(request: AgentRequest) -> HttpResponse:
    """The roles of today and to come, and the form that gives one."""
    return _page(request, RoleForm(initial={"since": today()}))


@administrators_only
@require_POST
@step_up_required
def give(request: AgentRequest) -> HttpResponse:
    """Gives a role; the same form with its errors when it cannot be."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        grant = granting.give(**form.wanted(), by=request.agent, http=request)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _page(request, form, status=422)
    messages.success(request, _("%(name)s a ce rôle.") % {"name": grant.agent.full_name})
    return HttpResponseRedirect(reverse("administration:roles"), status=303)


@administrators_only
@require_POST
@step_up_required
def end(request: AgentRequest, grant_id: int) -> HttpResponse:
    """Ends a role at once."""
    grant = granting.grant_to_end(grant_id)
    granting.end(grant, by=request.agent, http=request)
    messages.success(request, _("Le rôle de %(name)s est terminé.") % {"name": grant.agent.full_name})
    return HttpResponseRedirect(reverse("administration:roles"), status=303)


def _page(request: AgentRequest, form: RoleForm, *, status: int = 200) -> HttpResponse:
    asked = request.GET.get("q", "")[:100]
    page = Paginator(granting.grants_like(asked), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "q": asked, "me": request.agent.pk, "today": today()}
    return render(request, "administration/roles.html", context, status=status)
