"""What the training office sets: circuits, rooms, obligations, habilitations; and the figures of a year."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files.tables import table_response
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import agents_in_perimeter
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.training import access, people_access
from nomade.training.actions import catalogue, obligations, sessions
from nomade.training.figures import Row, Year, total_of, year_of
from nomade.training.forms import CircuitForm, RoomForm
from nomade.training.models import Circuit, Exposure, Habilitation, Obligation, Risk, Room
from nomade.training.people_forms import ExposureForm, HabilitationForm, ObligationForm, RiskForm
from nomade.training.standing import exposed_on
from nomade.training.views.office import year_asked

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def circuits(request: AgentRequest) -> HttpResponse:
    """Who decides of what."""
    access.officer_or_404(request.agent)
    form = CircuitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        catalogue.write_circuit(**form.cleaned_data, by=request.agent, request=request)
        messages.success(request, _("Circuit enregistré."))
        return HttpResponseRedirect(reverse("training:circuits"), status=303)
    context = {"form": form, "rows": list(Circuit.objects.order_by("kind", "from_cost", "from_hours"))}
    return render(request, "training/circuits.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: AgentRequest) -> HttpResponse:
    """The rooms; one of the same name is changed."""
    access.officer_or_404(request.agent)
    known = Room.objects.filter(label=request.POST.get("label", "").strip()).first()
    form = RoomForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        sessions.write_room(form.save(commit=False), by=request.agent, request=request)
        messages.success(request, _("Salle enregistrée."))
        return HttpResponseRedirect(reverse("training:rooms"), status=303)
    context = {"form": form, "rooms": list(Room.objects.all()[:SHOWN])}
    return render(request, "training/rooms.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def obligations_page(request: AgentRequest) -> HttpResponse:
    """What some agents must follow."""
    access.officer_or_404(request.agent)
    return _obligation(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_obligation(request: AgentRequest, obligation_id: int) -> HttpResponse:
    """Changes an obligation, or ends it."""
    access.officer_or_404(request.agent)
    found = Obligation.objects.select_related("unit").filter(pk=obligation_id).first()
    if found is None:
        raise Http404
    return _obligation(request, found)


def _obligation(request: AgentRequest, found: Obligation | None) -> HttpResponse:
    form = ObligationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        obligations.write_obligation(form.save(commit=False), by=request.agent, request=request)
        messages.success(request, _("Obligation enregistrée."))
        return HttpResponseRedirect(reverse("training:obligations"), status=303)
    rows = [] if found else list(Obligation.objects.select_related("course", "unit", "risk")[:SHOWN])
    context = {"form": form, "rows": rows, "obligation": found, "today_is": today()}
    return render(request, "training/obligations.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def risks(request: AgentRequest) -> HttpResponse:
    """The risks of work, and who works under them: obligations may designate a risk."""
    access.officer_or_404(request.agent)
    mine = agents_in_perimeter(request.agent, Role.TRAINING_OFFICER)
    which = request.POST.get("step", "")
    risk_form = RiskForm(request.POST) if which == "risk" else RiskForm()
    form = ExposureForm(request.POST) if which == "expose" else ExposureForm()
    if which == "risk" and risk_form.is_valid():
        obligations.write_risk(risk_form.save(commit=False), by=request.agent, request=request)
        messages.success(request, _("Risque enregistré."))
        return HttpResponseRedirect(reverse("training:risks"), status=303)
    if which == "expose" and form.is_valid():
        try:
            agents = _all_named(mine, form.cleaned_data["matricules"])
            count = obligations.expose(form.cleaned_data["risk"], agents, by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error("matricules", refusal.message)
        else:
            said = ngettext("%(count)s agent ajouté.", "%(count)s agents ajoutés.", count)
            messages.success(request, said % {"count": count})
            return HttpResponseRedirect(reverse("training:risks"), status=303)
    exposed = exposed_on(today()).filter(agent__in=mine, until=None).select_related("agent", "risk")
    context = {
        "risk_form": risk_form,
        "form": form,
        "risks": list(Risk.objects.annotate(count=Count("exposures", filter=Q(exposures__until=None)))),
        "exposed": list(exposed.order_by("risk__label", "agent__sort_name")[:SHOWN]),
    }
    wrong = risk_form.errors or form.errors
    return render(request, "training/risks.html", context, status=422 if wrong else 200)


def _all_named(mine: QuerySet[Agent], typed: str) -> list[Agent]:
    wanted = set(typed.replace(",", " ").replace(";", " ").split())
    found = list(mine.filter(matricule__in=wanted))
    missing = wanted - {agent.matricule for agent in found}
    if missing:
        said = _("Aucun agent de votre périmètre ne porte ces matricules : %(names)s.")
        raise Refusal(said % {"names": ", ".join(sorted(missing)[:10])})
    return found


@require_POST
def end_exposure(request: AgentRequest, exposure_id: int) -> HttpResponse:
    """An agent works under a risk no more."""
    access.officer_or_404(request.agent)
    mine = agents_in_perimeter(request.agent, Role.TRAINING_OFFICER)
    found = Exposure.objects.filter(pk=exposure_id, agent__in=mine).first()
    if found is None:
        raise Http404
    try:
        obligations.end_exposure(found, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Exposition terminée."))
    return HttpResponseRedirect(reverse("training:risks"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def habilitations(request: AgentRequest) -> HttpResponse:
    """What ends soon in my perimeter, and what an agent holds from elsewhere, with its proof."""
    access.officer_or_404(request.agent)
    mine = agents_in_perimeter(request.agent, Role.TRAINING_OFFICER)
    form = HabilitationForm(request.POST, request.FILES) if request.method == "POST" else HabilitationForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            agent = _named(mine, data["matricule"])
            obligations.note_habilitation(
                agent, data["course"], obtained_on=data["obtained_on"], expires_on=data["expires_on"],
                files=data["proof"], by=request.agent, request=request,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Habilitation notée."))
            return HttpResponseRedirect(reverse("training:habilitations"), status=303)
    ending = Habilitation.objects.filter(agent__in=mine, expires_on__gte=today()).select_related("agent", "course")
    context = {"form": form, "ending": list(ending.order_by("expires_on")[:SHOWN]), "today_is": today()}
    return render(request, "training/habilitations.html", context, status=422 if form.errors else 200)


def _named(mine: QuerySet[Agent], matricule: str) -> Agent:
    found = mine.filter(matricule=matricule).first()
    if found is None:
        raise Refusal(_("Aucun agent de votre périmètre ne porte ce matricule."), field="matricule")
    return found


@require_safe
def figures(request: AgentRequest) -> HttpResponse:
    """A year of training."""
    access.officer_or_404(request.agent)
    first, found = _year(request)
    context = {
        "year": first.year,
        "found": found,
        "tables": _tables(found),
        "scopes": people_access.units_named(people_access.scopes_of(request.agent)),
    }
    return render(request, "training/figures.html", context)


def _year(request: AgentRequest) -> tuple[date, Year]:
    """The first day of the year that is asked for, and its figures over the perimeter of the officer."""
    first, last = year_asked(request)
    scopes = people_access.scopes_of(request.agent)
    return first, year_of(first, last, scopes, depth=people_access.depth_of(scopes))


def _tables(found: Year) -> list[tuple[str, str, list[Row], Row]]:
    tables = [
        ("categorie", _("Par catégorie"), found.by_category),
        ("sexe", _("Par sexe"), found.by_sex),
        ("unite", _("Par unité"), found.by_unit),
        ("type", _("Par type de formation"), found.by_kind),
    ]
    return [(key, title, rows, total_of(rows)) for key, title, rows in tables]


@require_safe
def figures_csv(request: AgentRequest) -> HttpResponse:
    """The same figures, for a spreadsheet: days by group, then seats, refusals and cost by type."""
    access.officer_or_404(request.agent)
    first, found = _year(request)
    rows: list[list[str | int | float | None]] = []
    for _key, title, group, total in _tables(found):
        rows.extend([title, row.label or _("non précisé"), row.people, row.days, *[None] * 7] for row in group)
        rows.append([title, _("total"), total.people, total.days, *[None] * 7])
    rows.extend(
        [
            _("Sessions, demandes et coût"), kind.label or _("total"), None, None, kind.sessions, kind.seats,
            kind.seated, kind.fill_rate, kind.asked, kind.refusal_rate, float(kind.cost),
        ]
        for kind in (*found.kinds, found.total)
    )  # fmt: skip
    header = [
        _("Répartition"), _("Groupe"), _("Personnes"), _("Jours"), _("Sessions"), _("Places"), _("Places occupées"),
        _("Taux de remplissage (%)"), _("Demandes décidées"), _("Taux de refus (%)"), _("Coût (€)"),
    ]  # fmt: skip
    return table_response(f"formation-{first.year}", header, rows, "csv")
