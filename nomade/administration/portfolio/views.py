"""« Mon portefeuille » of an HR officer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.administration.portfolio import access, actions, listing
from nomade.administration.portfolio.access import hr_officers_only
from nomade.administration.portfolio.forms import TemplateForm
from nomade.administration.portfolio.letters import letters
from nomade.administration.portfolio.listing import Asked
from nomade.cases.desk import waiting_sources
from nomade.files.http import attachment
from nomade.files.tables import table_response
from nomade.kernel import audit
from nomade.kernel.clock import PARIS, today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.registry import services
from nomade.people.http import AgentRequest
from nomade.people.models import Status

MOST_EXPORTED = 60_000
FORMS = ("csv", "xlsx")


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: AgentRequest) -> HttpResponse:
    """The agents of the portfolio, by filter, and how many requests wait; letters to those ticked, or to all."""
    if request.method != "POST":
        return _page(request, request.GET)
    try:
        return _letters(request)
    except Refusal as refusal:
        return _page(request, request.POST, refusal=refusal)


def _page(request: AgentRequest, values: QueryDict, *, refusal: Refusal | None = None) -> HttpResponse:
    """The list; with what was ticked in it when the letters could not be made."""
    day, asked = today(), Asked.read({name: str(values[name]) for name in values})
    portfolio, sources = access.agents_of(request.agent), waiting_sources(request.agent)
    found = listing.ending(listing.filtered(portfolio, asked, day, sources), day)
    page = Paginator(found, listing.PAGE).get_page(values.get("page"))
    audit.record("portfolio.listed", actor=request.agent.pk, subject=None, request=request, count=len(page))
    context = {
        "page": page,
        "lines": listing.lines(list(page.object_list), portfolio, day, sources),
        "asked": asked,
        "query": urlencode(asked.query()),
        "units": access.units_of(request.agent),
        "statuses": Status.choices,
        "counts": listing.counts(portfolio, day, sources),
        "templates": access.templates().filter(active=True),
        "most": settings.NOMADE.portfolio_letters,
        "ticked": values.getlist("agent"),
        "chosen": values.get("lettre", ""),
        "refusal": refusal,
    }
    return render(request, "portfolio/index.html", context, status=422 if refusal else 200)


@hr_officers_only
@require_safe
def waiting(request: AgentRequest) -> HttpResponse:
    """The requests of all services, the oldest first."""
    day, portfolio, sources = today(), access.agents_of(request.agent), waiting_sources(request.agent)
    service, late = request.GET.get("demande", ""), request.GET.get("retard", "") == "1"
    start = max(int(request.GET["de"]), 0) if request.GET.get("de", "").isdecimal() else 0
    rows = listing.waiting_rows(
        portfolio, sources, service=service, late=late, day=day, start=start, count=listing.PAGE + 1
    )
    context = {
        "rows": rows[: listing.PAGE],
        "further": start + listing.PAGE if len(rows) > listing.PAGE else 0,
        "counts": listing.counts(portfolio, day, sources),
        "service": service,
        "late": late,
        "today": day,
    }
    return render(request, "portfolio/waiting.html", context)


@hr_officers_only
@require_safe
def alerts(request: AgentRequest) -> HttpResponse:
    """What comes to its end, and what is late."""
    day, portfolio, sources = today(), access.agents_of(request.agent), waiting_sources(request.agent)
    found = listing.endings(portfolio, day, settings.NOMADE.portfolio_alert_days)
    page = Paginator(found, listing.PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "alerts": listing.alerts_of(list(page.object_list)),
        "late": listing.waiting_rows(portfolio, sources, late=True, day=day, count=20),
        "ahead": settings.NOMADE.portfolio_alert_days,
        "counts": listing.counts(portfolio, day, sources),
        "today": day,
    }
    return render(request, "portfolio/alerts.html", context)


@hr_officers_only
@require_safe
def card(request: AgentRequest, matricule: str) -> HttpResponse:
    """One agent: situation, what waits, what ends, the way to what her role may see."""
    one, day, sources = access.agent_of(request.agent, matricule), today(), waiting_sources(request.agent)
    line = listing.lines(list(listing.ending(one, day)), one, day, sources)[0]
    audit.record("portfolio.card_viewed", actor=request.agent.pk, subject=line.agent.pk, request=request)
    keys = {service.key for service in services()}
    context = {
        "line": line,
        "waiting": listing.waiting_rows(one, sources, day=day, count=listing.PAGE),
        "alerts": listing.alerts_about(line, day, 365),
        "keys": keys,
        "today": day,
    }
    return render(request, "portfolio/card.html", context)


@hr_officers_only
@require_safe
def export(request: AgentRequest, what: str, form: str) -> HttpResponse:
    """Any of the lists, as it is filtered, for a spreadsheet."""
    if form not in FORMS or what not in _TABLES:
        raise Http404
    header, rows = _TABLES[what](request)
    actions.note_export(what, len(rows), by=request.agent, http=request)
    return table_response(f"portefeuille-{what}", header, rows, form)


def _agents_table(request: AgentRequest) -> tuple[list[str], list[list[Any]]]:
    day, portfolio, sources = today(), access.agents_of(request.agent), waiting_sources(request.agent)
    asked = Asked.read(request.GET.dict())
    found = list(listing.ending(listing.filtered(portfolio, asked, day, sources), day)[:MOST_EXPORTED])
    header = [_("Matricule"), _("Nom"), _("Prénom"), _("Service"), _("Poste"), _("Statut"), _("Quotité"),
              _("Fin de contrat"), _("Demandes en attente"), _("Pièce manquante")]  # fmt: skip
    return header, [
        [line.agent.matricule, line.agent.shown_last_name, line.agent.first_name, line.unit, line.post, line.status,
         line.quotite, line.contract_end, line.waiting, _("oui") if line.missing else ""]
        for line in listing.lines(found, portfolio, day, sources)
    ]  # fmt: skip


def _waiting_table(request: AgentRequest) -> tuple[list[str], list[list[Any]]]:
    found = listing.waiting_rows(
        access.agents_of(request.agent),
        waiting_sources(request.agent),
        service=request.GET.get("demande", ""),
        late=request.GET.get("retard", "") == "1",
        day=today(),
        count=MOST_EXPORTED,
    )
    header = [_("Référence"), _("Demande"), _("Matricule"), _("Agent"), _("Demandée le"), _("Réponse promise")]
    return header, [
        [row.reference, str(row.source.label), row.matricule, row.name, row.submitted_at.astimezone(PARIS).date(),
         row.promised_on]
        for row in found
    ]  # fmt: skip


def _alerts_table(request: AgentRequest) -> tuple[list[str], list[list[Any]]]:
    portfolio, ahead = access.agents_of(request.agent), settings.NOMADE.portfolio_alert_days
    found = listing.alerts_of(listing.endings(portfolio, today(), ahead)[:MOST_EXPORTED])
    header = [_("Échéance"), _("Matricule"), _("Agent"), _("Nature"), _("Détail")]
    return header, [
        [one.day, one.agent.matricule, one.agent.full_name,
         _("Fin de contrat") if one.kind == "contract" else one.kind, one.label]
        for one in found
    ]  # fmt: skip


_TABLES = {"agents": _agents_table, "demandes": _waiting_table, "alertes": _alerts_table}


def _letters(request: AgentRequest) -> HttpResponse:
    day, portfolio, sources = today(), access.agents_of(request.agent), waiting_sources(request.agent)
    chosen = request.POST.get("lettre", "")
    if not chosen.isdecimal():
        raise Refusal(_("Choisissez une lettre."))
    template = access.template_or_404(int(chosen))
    if "tous" in request.POST:
        found = listing.filtered(portfolio, Asked.read(request.POST.dict()), day, sources)
    else:
        found = portfolio.filter(matricule__in=request.POST.getlist("agent")).order_by("sort_name", "pk")
    most = settings.NOMADE.portfolio_letters
    agents = list(listing.ending(found, day)[: most + 1])
    if not agents:
        raise Refusal(_("Cochez au moins un agent avant de préparer les lettres."))
    if len(agents) > most:
        raise Refusal(_("Pas plus de %(most)s lettres à la fois : précisez les filtres.") % {"most": most})
    made = letters(template, listing.lines(agents, portfolio, day, sources), day)
    actions.note_letters(template, agents, by=request.agent, http=request)
    return attachment(made, name="lettres.pdf", content_type="application/pdf")


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def letter_templates(request: AgentRequest) -> HttpResponse:
    """The texts of letters, and a form for another."""
    return _template_page(request, None)


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def letter_template(request: AgentRequest, template_id: int) -> HttpResponse:
    """One of them, to correct."""
    return _template_page(request, template_id)


def _template_page(request: AgentRequest, template_id: int | None) -> HttpResponse:
    kept = access.template_or_404(template_id) if template_id is not None else None
    names = ("title", "body", "signature", "active")
    start = {name: getattr(kept, name) for name in names} if kept else {}
    sent = request.method == "POST"
    form = TemplateForm(request.POST if sent else None, initial=start)
    if sent and form.is_valid():
        actions.save_template(kept, by=request.agent, http=request, **form.cleaned_data)
        messages.success(request, _("La lettre est enregistrée."))
        return HttpResponseRedirect(reverse("portfolio:templates"), status=303)
    context = {"form": form, "kept": kept, "templates": [] if kept else access.templates()}
    return render(request, "portfolio/templates.html", context, status=422 if form.errors else 200)
