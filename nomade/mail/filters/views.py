"""Rules of the mailbox and the automatic answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mailkit.sieve import Filters, Rule
from nomade.accounts.factors.stepup import step_up_required
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import gateway
from nomade.mail.access import mailbox_required
from nomade.mail.filters import absence, store, telling
from nomade.mail.filters.forms import AbsenceForm, RuleForm
from nomade.mail.filters.store import Found
from nomade.people.http import AgentRequest

MOST_RULES = 50


@require_safe
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """The rules, in the order in which they are applied."""
    if not store.is_configured():
        return render(request, "mail/filters.html", {"found": None})
    found = store.read(request.agent)
    told = [(rule, telling.conditions(rule), telling.deeds(rule)) for rule in found.filters.rules]
    return render(request, "mail/filters.html", {"found": found, "rules": told})


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def new(request: AgentRequest) -> HttpResponse:
    """A new rule."""
    form = RuleForm(_data(request), folders=_folders(request), extensions=store.read(request.agent).extensions)
    if form.is_valid():
        rule = form.rule()
        return _saved(request, form, rule, lambda found: (*found, rule)[:MOST_RULES])
    return _form(request, form, _("Nouvelle règle"))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def edit(request: AgentRequest, number: int) -> HttpResponse:
    """A rule as it is, to be changed."""
    found, rule = _rule(request, number)
    form = RuleForm(
        _data(request), folders=_folders(request), extensions=found.extensions, initial=RuleForm.initial_of(rule)
    )
    if form.is_valid():
        changed = replace(form.rule(), active=rule.active)

        def put(found: tuple[Rule, ...]) -> tuple[Rule, ...]:
            return tuple(changed if at == number - 1 else one for at, one in enumerate(found))

        return _saved(request, form, changed, put)
    return _form(request, form, _("Modifier la règle"))


@require_POST
@mailbox_required
def act(request: AgentRequest, number: int) -> HttpResponse:
    """A rule switched on or off, moved up, or deleted."""
    verb = request.POST.get("faire", "")
    _found, rule = _rule(request, number)
    if verb == "activer" and not rule.active and store.leaves_the_house(rule):
        return _stepped(request, lambda: _acted(request, number, verb))
    return _acted(request, number, verb)


def _acted(request: AgentRequest, number: int, verb: str) -> HttpResponse:
    def change(found: Filters) -> Filters:
        rules, at = list(found.rules), number - 1
        if at >= len(rules):
            raise Http404
        if verb in ("activer", "suspendre"):
            rules[at] = replace(rules[at], active=verb == "activer")
        elif verb == "monter" and at:
            rules[at - 1], rules[at] = rules[at], rules[at - 1]
        elif verb == "supprimer":
            del rules[at]
        return replace(found, rules=tuple(rules))

    try:
        store.change(request.agent, change, request=request)
        messages.success(request, _("Vos règles sont à jour."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("mail:filters"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def away(request: AgentRequest) -> HttpResponse:
    """The automatic answer, with the leave that is validated as a beginning."""
    if not store.is_configured():
        return render(request, "mail/absence.html", {"found": None})
    if request.method == "POST":
        return _away_saved(request)
    found = store.read(request.agent)
    if "vacation" not in found.extensions and not found.filters.vacation.active:
        return render(request, "mail/absence.html", {"found": None})
    proposals = absence.proposals(request.agent)
    chosen = next((one for one in proposals if one.first.isoformat() == request.GET.get("du")), None)
    vacation = found.filters.vacation
    initial: dict[str, object] = {
        "active": vacation.active,
        "first": vacation.first or None,
        "last": vacation.last or None,
        "subject": vacation.subject,
        "text": vacation.text,
    }
    if chosen is not None:
        initial = {
            "active": True,
            "first": chosen.first,
            "last": chosen.last,
            "subject": chosen.subject,
            "text": chosen.text,
        }
    form = AbsenceForm(initial=initial)
    context = {"form": form, "found": found, "proposals": proposals, "chosen": chosen, "foreign": False}
    return render(request, "mail/absence.html", context)


def _away_saved(request: AgentRequest) -> HttpResponse:
    form = AbsenceForm(request.POST)
    foreign = False
    if form.is_valid():
        vacation = form.vacation(request.agent.mail_address)
        alone = bool(request.POST.get("seul"))
        try:
            store.change(request.agent, lambda found: replace(found, vacation=vacation), alone=alone, request=request)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            foreign = isinstance(refusal, store.ForeignScript)
        else:
            said = (
                _("La réponse automatique est en place.")
                if vacation.active
                else _("La réponse automatique est arrêtée.")
            )
            messages.success(request, said)
            return HttpResponseRedirect(reverse("mail:absence"), status=303)
    context = {"form": form, "found": True, "proposals": [], "chosen": None, "foreign": foreign}
    return render(request, "mail/absence.html", context, status=422)


def _saved(
    request: AgentRequest, form: RuleForm, rule: Rule, put: Callable[[tuple[Rule, ...]], tuple[Rule, ...]]
) -> HttpResponse:
    def save() -> HttpResponse:
        alone = bool(request.POST.get("seul"))
        try:
            store.change(
                request.agent, lambda found: replace(found, rules=put(found.rules)), alone=alone, request=request
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _form(request, form, rule.name, foreign=isinstance(refusal, store.ForeignScript))
        messages.success(request, _("La règle « %(name)s » est en place.") % {"name": rule.name})
        return HttpResponseRedirect(reverse("mail:filters"), status=303)

    return _stepped(request, save) if store.leaves_the_house(rule) else save()


def _stepped(request: AgentRequest, then: Callable[[], HttpResponse]) -> HttpResponse:
    """Sending mail outside asks who they are once more; the form is kept and played again (ADR 19)."""

    def view(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return then()

    return step_up_required(view)(request)  # type: ignore[return-value]


def _rule(request: AgentRequest, number: int) -> tuple[Found, Rule]:
    found = store.read(request.agent)
    if not 1 <= number <= len(found.filters.rules):
        raise Http404
    return found, found.filters.rules[number - 1]


def _folders(request: AgentRequest) -> list[tuple[str, str]]:
    from nomade.mail.reading.opening import Place

    folders = gateway.visit(request.agent, lambda session: session.folders(counts=False))
    return [
        (folder.name, str(Place(folder, current=False).label))
        for folder in folders
        if folder.selectable and folder.role not in ("inbox", "drafts", "sent")
    ]


def _data(request: AgentRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(request: AgentRequest, form: RuleForm, title: str, *, foreign: bool = False) -> HttpResponse:
    context = {"form": form, "title": title, "foreign": foreign}
    return render(request, "mail/rule.html", context, status=422 if form.is_bound else 200)
