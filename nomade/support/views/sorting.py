"""Groups and categories of the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.support import access
from nomade.support.actions.sorting import change_category, set_members
from nomade.support.forms import CategoryForm, MembersForm
from nomade.support.models import Category, Team
from nomade.support.views.gates import for_technicians, tickets_kept_here


@tickets_kept_here
@for_technicians
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Every group with its members, every category with its group."""
    context = {
        "teams": list(Team.objects.prefetch_related("members").order_by("label")),
        "categories": list(Category.objects.select_related("team")),
    }
    return render(request, "support/desk/sorting.html", context)


@tickets_kept_here
@for_technicians
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: AgentRequest, code: str) -> HttpResponse:
    """Who is of a group."""
    found = get_object_or_404(Team, code=code)
    sent = request.method == "POST"
    form = MembersForm(
        request.POST if sent else None,
        technicians=access.technicians(),
        initial={"members": list(found.members.values_list("pk", flat=True))},
    )
    if sent and form.is_valid():
        set_members(found, form.cleaned_data["members"], by=request.agent, http=request)
        return _done(request)
    return _page(request, form, found.label)


@tickets_kept_here
@for_technicians
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: AgentRequest, code: str) -> HttpResponse:
    """What a category is, and who looks first."""
    found = get_object_or_404(Category.objects.select_related("team"), code=code)
    sent = request.method == "POST"
    names = ("label", "hint", "team", "priority", "active")
    form = CategoryForm(request.POST if sent else None, initial={name: getattr(found, name) for name in names})
    if sent and form.is_valid():
        change_category(found, by=request.agent, http=request, **form.cleaned_data)
        return _done(request)
    return _page(request, form, found.label)


def _page(request: AgentRequest, form: MembersForm | CategoryForm, title: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "support/desk/sorting_form.html", {"form": form, "title": title}, status=status)


def _done(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("C’est enregistré."))
    return HttpResponseRedirect(reverse("desk:sorting"), status=303)
