"""The directory's pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.directory import access
from nomade.directory.actions import choices
from nomade.directory.forms import UnitCardForm, VisibilityForm
from nomade.directory.vcard import vcard
from nomade.directory.writing import write_to
from nomade.files.photos import photo_content
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

MEMBERS_A_PAGE = 50
LONGEST_QUERY = 100


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Search as one types; before that, favourites, one's unit and the units at the top."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = access.search(query) if query else None
    units = access.units_named(query) if query else []
    context: dict[str, Any] = {"query": query, "found": found, "units": units}
    context |= {"favourites": [], "unit": None, "colleagues": []}
    if found is None:
        unit = access.own_unit(request.agent)
        context |= {
            "favourites": access.favourites_of(request.agent),
            "unit": unit,
            "colleagues": list(access.members_of(unit).exclude(pk=request.agent.pk)[: access.SHOWN]) if unit else [],
        }
    return render(request, "directory/index.html", context, block="results")


@require_safe
def person(request: AgentRequest, agent_id: int) -> HttpResponse:
    """A colleague's card."""
    card = access.person_card(request.agent, agent_id)
    context = {
        "card": card,
        "agent": card.entry.agent,
        "write_to": write_to(card.entry.agent.mail_address),
        "is_self": request.agent.pk == agent_id,
        "groups": []
        if request.agent.pk == agent_id or card.entry.left_on
        else list(access.groups_of(request.agent.pk)),
    }
    return render(request, "directory/person.html", context)


@require_safe
def photo(request: AgentRequest, agent_id: int) -> HttpResponse:
    """A photograph that its owner shows; absent and hidden are the same."""
    content = photo_content(request.agent, agent_id)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_safe
def card_file(request: AgentRequest, agent_id: int) -> HttpResponse:
    """The card as a file for the contacts of a telephone."""
    card = access.person_card(request.agent, agent_id)
    text = vcard(
        card.entry.agent,
        post=card.entry.post,
        organisation=settings.NOMADE.organisation,
        units=[unit.label for unit in card.above],
        mobile=card.mobile,
    )
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contact.vcf"'
    return response


@require_POST
def favourite(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Keeps a colleague at hand, or no longer."""
    entry = access.entry_of(agent_id)
    kept = request.POST.get("garder") == "oui"
    choices.keep_favourite(request.agent, entry.agent, kept=kept)
    said = _("%(name)s est dans vos favoris.") if kept else _("%(name)s n’est plus dans vos favoris.")
    messages.success(request, said % {"name": entry.agent.full_name})
    return redirect("directory:person", agent_id)


@require_http_methods(["GET", "HEAD", "POST"])
def visibility(request: AgentRequest) -> HttpResponse:
    """What colleagues see of me, and the choice I have."""
    chosen = access.visibility_of(request.agent)
    typed = request.POST if request.method == "POST" else None
    form = VisibilityForm(typed, initial={"shows_mobile": chosen.shows_mobile})
    if request.method == "POST" and form.is_valid():
        choices.choose_visibility(request.agent, shows_mobile=form.cleaned_data["shows_mobile"], request=request)
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("directory:visibility")
    context = {"form": form, "card": access.person_card(request.agent, request.agent.pk)}
    return render(request, "directory/visibility.html", context)


@require_safe
def top_units(request: AgentRequest) -> HttpResponse:
    """The tree from its top."""
    return render(request, "directory/units.html", {"units": list(access.units_below(None))})


@require_safe
def branch(request: AgentRequest, unit_path: str) -> HttpResponse:
    """The units just below one, for a branch of the tree that opens; without JavaScript, the unit's page."""
    unit = access.unit_at(unit_path)
    if request.headers.get("HX-Request") != "true":
        return redirect("directory:unit", unit.path)
    return render(request, "directory/_branch.html", {"units": list(access.units_below(unit))})


@require_safe
def unit(request: AgentRequest, unit_path: str) -> HttpResponse:
    """A unit: how to reach it, who leads it, what is below, who works there."""
    unit = access.unit_at(unit_path)
    card = access.card_of(unit)
    page = Paginator(access.members_of(unit), MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "above": access.units_above(unit),
        "card": card,
        "write_to": write_to(card.mailbox),
        "below": list(access.units_below(unit)),
        "page": page,
        "may_edit": access.may_edit(request.agent, unit),
    }
    return render(request, "directory/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_unit(request: AgentRequest, unit_path: str) -> HttpResponse:
    """How to reach a unit, written by the HR office or the editors of its perimeter."""
    unit = access.editable_unit(request.agent, unit_path)
    form = UnitCardForm(request.POST or None, instance=access.card_of(unit))
    if request.method == "POST" and form.is_valid():
        choices.write_unit_card(unit, form.card(), by=request.agent, request=request)
        messages.success(request, _("La fiche de l’unité est à jour."))
        return redirect("directory:unit", unit.path)
    context = {"form": form, "unit": unit, "above": access.units_above(unit)}
    return render(request, "directory/edit_unit.html", context, status=422 if form.errors else 200)
