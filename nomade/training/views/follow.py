"""Following people: a member of the team, obligations by unit, and what is left of a training some months later."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.files.tables import table_response
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, OrgUnit
from nomade.training import access, dashboard, people_access
from nomade.training.actions import later
from nomade.training.models import Enrolment, LaterEvaluation, Obligation
from nomade.training.people_forms import LaterForm, LaterTeamForm
from nomade.training.standing import owed_by

SHOWN, PAGE, MOST_LINES = 60, 50, 100_000
STANDINGS = {
    "overdue": ["overdue"],
    "due": ["due"],
    "soon": ["soon"],
    "late": ["overdue", "due", "soon"],
}


@require_safe
def member(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Somebody of the team: what they follow, must follow, and hold with its proof."""
    found = people_access.member_for(request.agent, agent_id)
    context = {
        "member": found,
        "owed": owed_by([found], today()),
        "held": people_access.habilitations_of(found),
        "skills": people_access.skills_of(found),
        "enrolments": list(access.enrolments_of(found).select_related("credit")[:SHOWN]),
        "today_is": today(),
    }
    return render(request, "training/member.html", context)


def _scope(request: AgentRequest) -> tuple[list[str] | None, OrgUnit | None]:
    """The units that are counted, and the one that was asked for. Raises Http404 for one that is not theirs."""
    scopes = people_access.scopes_of(request.agent)
    path = request.GET.get("unite", "").strip()
    if not path:
        return scopes, None
    unit = OrgUnit.objects.filter(path=path).first()
    if unit is None or not (scopes is None or any(path == one or path.startswith(f"{one}/") for one in scopes)):
        raise Http404
    return [path], unit


@require_safe
def obligations(request: AgentRequest) -> HttpResponse:
    """Obligations by unit: how many are late, due, to be renewed; and who."""
    scopes, unit = _scope(request)
    names = {str(key): label for key, label in Obligation.objects.values_list("pk", "label")}
    only = request.GET.get("obligation", "")
    shown = request.GET.get("etat", "late")
    number = max(int(text), 1) if (text := request.GET.get("page", "1")).isdigit() and len(text) < 6 else 1
    found = dashboard.overview(
        scopes,
        today(),
        depth=people_access.depth_of(scopes),
        standings=STANDINGS.get(shown, STANDINGS["late"]),
        obligation=int(only) if only in names else None,
        start=(number - 1) * PAGE,
        limit=PAGE + 1,
    )
    labels = dict(OrgUnit.objects.filter(path__in=[one.key for one in found.units]).values_list("path", "label"))
    context = {
        "unit": unit,
        "units": [(labels.get(one.key, one.key), one) for one in found.units],
        "kinds": [(names.get(one.key, ""), one) for one in found.kinds],
        "lines": _named(found.lines[:PAGE], names),
        "more": len(found.lines) > PAGE,
        "number": number,
        "only": only if only in names else "",
        "shown": shown if shown in STANDINGS else "late",
    }
    return render(request, "training/obligations_by_unit.html", context)


def _named(lines: list[dashboard.Line], names: dict[str, str]) -> list[dict[str, object]]:
    people = Agent.objects.in_bulk([one.agent for one in lines])
    return [
        {"agent": people[one.agent], "obligation": names.get(str(one.obligation), ""), "due": one, "unit": one.unit}
        for one in lines
    ]


@require_safe
def obligations_csv(request: AgentRequest) -> HttpResponse:
    """Who is due, for a spreadsheet."""
    scopes, _unit = _scope(request)
    lines = dashboard.listed(scopes, today(), standings=STANDINGS["late"], limit=MOST_LINES)
    names = {str(key): label for key, label in Obligation.objects.values_list("pk", "label")}
    words = {"overdue": _("en retard"), "due": _("à suivre"), "soon": _("à renouveler")}
    rows = [
        [one["agent"].matricule, one["agent"].full_name, one["unit"], one["obligation"],  # type: ignore[attr-defined]
         words[one["due"].standing], one["due"].until]  # type: ignore[attr-defined]
        for one in _named(lines, names)
    ]  # fmt: skip
    header = [_("Matricule"), _("Agent"), _("Unité"), _("Obligation"), _("État"), _("Date")]
    return table_response(f"obligations-{today():%Y-%m-%d}", header, rows, "csv")


@require_http_methods(["GET", "HEAD", "POST"])
def later_mine(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """What is left to me of a training, some months later."""
    found = access.enrolment_of(request.agent, enrolment_id)
    return _later(request, found, LaterEvaluation.Side.AGENT, reverse("training:mine"))


@require_http_methods(["GET", "HEAD", "POST"])
def later_team(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """What a training brought to the team, for who supervises."""
    found = people_access.team_enrolment(request.agent, enrolment_id)
    return _later(request, found, LaterEvaluation.Side.SUPERVISOR, reverse("training:team"))


def _later(request: AgentRequest, found: Enrolment, side: LaterEvaluation.Side, back: str) -> HttpResponse:
    credit = getattr(found, "credit", None)
    if credit is None or credit.later_asked_on is None:
        raise Http404
    known = found.later.filter(side=side).first()
    initial = {name: getattr(known, name) for name in ("used", "effect", "comment")} if known else {}
    kind = LaterForm if side == LaterEvaluation.Side.AGENT else LaterTeamForm
    form = kind(request.POST) if request.method == "POST" else kind(initial=initial)
    if request.method == "POST" and form.is_valid():
        marks = {name: form.cleaned_data[name] for name in ("used", "effect")}
        try:
            later.answer_later(found, side, marks, form.cleaned_data["comment"], by=request.agent)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Merci de votre avis."))
            return HttpResponseRedirect(back, status=303)
    context = {"enrolment": found, "form": form, "mine": side == LaterEvaluation.Side.AGENT}
    return render(request, "training/later.html", context, status=422 if form.errors else 200)
