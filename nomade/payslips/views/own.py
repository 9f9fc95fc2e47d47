"""Pages of « Ma paie ». Every opening of a slip is in the journal."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.files import cachet, drawing
from nomade.files.drawing import UnreadablePdf
from nomade.files.http import attachment, preview
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.payslips.access import (
    content_of,
    every_payslip_of,
    figures_of,
    is_pay_officer,
    net_of,
    paper_choice_of,
    payslip_for,
    payslips_of,
    versions_beside,
    writes_explanations,
)
from nomade.payslips.actions.paper import choose_paper
from nomade.payslips.explanations import explainer
from nomade.payslips.models import Payslip
from nomade.payslips.readings import events_about, told
from nomade.payslips.shares import CHART_HEIGHT, CHART_WIDTH, bars, gross_to_net, last_months
from nomade.payslips.statement import read_statement, text_rows
from nomade.payslips.words import matches
from nomade.people.http import AgentRequest, roles_of_request
from nomade.people.roles import Role
from nomade.ui.filters import money

MOST_AT_ONCE = 60


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The latest slip, then all of them by year, or those that a search finds."""
    every = every_payslip_of(request.agent)
    query = request.GET.get("q", "").strip()[:80]
    slips = [slip for slip in every if matches(slip, query)] if query else every
    years = [(year, list(rows)) for year, rows in groupby(slips, key=lambda slip: slip.period.year)]
    # The name of the payroll's run matters only to tell two slips of one month apart.
    months = Counter((slip.period, slip.type) for slip in slips)
    twins = {slip.pk for slip in slips if months[slip.period, slip.type] > 1}
    context = {
        "latest": every[0] if every else None,
        "years": years,
        "twins": twins,
        "query": query,
        "office": is_pay_officer(request.agent),
        "explains": Role.HR_OFFICER in roles_of_request(request) and writes_explanations(request.agent),
    }
    return render(request, "payslips/index.html", context)


@require_safe
def page(request: AgentRequest, payslip_id: UUID) -> HttpResponse:
    """One slip: pictures of its pages beside their text."""
    slip = payslip_for(request.agent, payslip_id)
    content = content_of(slip)
    _journal("payslip.viewed", request, slip)
    context = {
        "slip": slip,
        "numbers": range(1, slip.pages + 1),
        "explain": explainer(slip.period),
        "versions": versions_beside(slip),
        "cachet": cachet.holder_on("payslips"),
        **_text_of(content, slip),
    }
    return render(request, "payslips/page.html", context)


def _text_of(content: bytes, slip: Payslip) -> dict[str, object]:
    """The statement of a layout we know or of the payroll's index, and the rows of what it does not cover."""
    figures = figures_of(slip)
    told = figures.as_statement() if figures else None
    try:
        pieces = [drawing.segments(content, number) for number in range(slip.pages)]
    except UnreadablePdf:
        pieces = []
    read = read_statement(pieces[0]) if pieces else None
    rest, statement = (pieces[1:] if read else pieces), read or told
    shares = gross_to_net(statement) if statement else []
    return {
        "statement": statement,
        "shares": shares,
        "gross": sum((share.amount for share in shares), Decimal(0)),
        "whole": read is None,
        "rows": [row for piece in rest for row in text_rows(piece)],
    }


@require_safe
def image(request: AgentRequest, payslip_id: UUID, number: int) -> HttpResponse:
    """One page as a picture that the portal draws itself: the browser never opens the payroll's PDF."""
    slip = payslip_for(request.agent, payslip_id)
    try:
        drawn = drawing.page_picture(content_of(slip), number - 1)
    except (IndexError, UnreadablePdf) as error:
        raise Http404 from error
    _journal("payslip.image_viewed", request, slip, page=number)
    return preview(drawn.content, content_type=drawn.content_type)


@require_safe
def download(request: AgentRequest, payslip_id: UUID) -> HttpResponse:
    """The PDF, as the payroll made it, under the seal of the organisation where there is one."""
    slip = payslip_for(request.agent, payslip_id)
    content = cachet.put_on(content_of(slip), "payslips")
    _journal("payslip.downloaded", request, slip)
    return attachment(content, name=slip.download_name, content_type="application/pdf")


@require_safe
def net(request: AgentRequest, payslip_id: UUID) -> HttpResponse:
    """The net paid: alone for the button that asks for it, in a page without JavaScript."""
    slip = payslip_for(request.agent, payslip_id)
    amount = net_of(slip)
    _journal("payslip.amount_shown", request, slip)
    shown = money(amount) if amount is not None else _("Montant à lire sur le bulletin")
    if is_fragment(request):
        return HttpResponse(shown, content_type="text/plain; charset=utf-8")
    return render(request, "payslips/net.html", {"slip": slip, "shown": shown})


@require_safe
def evolution(request: AgentRequest) -> HttpResponse:
    """The net of the last twelve months, as a chart and as a table; only shown when it is asked for."""
    slips = list(payslips_of(request.agent).defer(None))
    months = last_months(max((slip.period for slip in slips), default=today()))
    nets: dict[date, Decimal] = {}
    for slip in slips:
        amount = net_of(slip) if slip.period >= months[0] else None
        if amount is not None:
            nets[slip.period] = nets.get(slip.period, Decimal(0)) + amount
    audit.record("payslip.evolution_viewed", actor=request.agent.pk, subject=request.agent.pk, request=request)
    context = {"bars": bars(months, nets), "width": CHART_WIDTH, "height": CHART_HEIGHT, "known": bool(nets)}
    return render(request, "payslips/evolution.html", context)


@require_safe
def several(request: AgentRequest) -> HttpResponse:
    """Several slips, or those of a year, in one archive."""
    slips = _chosen(request)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for rank, slip in enumerate(slips, 1):
            name = (
                slip.download_name
                if len({s.download_name for s in slips}) == len(slips)
                else f"{rank}-{slip.download_name}"
            )
            archive.writestr(name, cachet.put_on(content_of(slip), "payslips"))
    audit.record(
        "payslip.several_downloaded",
        actor=request.agent.pk,
        subject=request.agent.pk,
        request=request,
        payslips=[str(slip.pk) for slip in slips],
    )
    return attachment(out.getvalue(), name="bulletins-de-paie.zip", content_type="application/zip")


def _chosen(request: AgentRequest) -> list[Payslip]:
    """The slips of the year or of the boxes ticked. Raises Http404 for none of one's own, `Refusal` for too many."""
    mine = payslips_of(request.agent).select_related("file")
    year, wanted = request.GET.get("annee", ""), request.GET.getlist("bulletin")
    try:
        chosen = mine.filter(period__year=int(year)) if year else mine.filter(pk__in=[UUID(text) for text in wanted])
    except ValueError as error:
        raise Http404 from error
    slips = list(chosen[: MOST_AT_ONCE + 1])
    if not slips and (year or wanted):
        raise Http404
    if not slips:
        raise Refusal(_("Cochez au moins un bulletin avant de télécharger."))
    if len(slips) > MOST_AT_ONCE:
        raise Refusal(_("Pas plus de %(most)s bulletins à la fois : choisissez une année.") % {"most": MOST_AT_ONCE})
    return slips


@require_safe
def consultations(request: AgentRequest) -> HttpResponse:
    """Who opened which of my documents, when, in which role."""
    page_of = Paginator(events_about(request.agent), 40).get_page(request.GET.get("page"))
    lines = told(request.agent, list(page_of.object_list))
    return render(request, "payslips/consultations.html", {"page": page_of, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: AgentRequest) -> HttpResponse:
    """The right to paper: asked for or given up, from this month on."""
    if request.method == "POST":
        wanted = request.POST.get("papier") == "oui"
        if choose_paper(request.agent, wanted=wanted, request=request):
            said = (
                _("Vos bulletins seront aussi imprimés, à partir de ce mois.")
                if wanted
                else _("Vos bulletins ne seront plus imprimés.")
            )
            messages.success(request, said)
        return HttpResponseRedirect(reverse("payslips:paper"), status=303)
    return render(request, "payslips/paper.html", {"choice": paper_choice_of(request.agent)})


def _journal(event: str, request: AgentRequest, slip: Payslip, **facts: object) -> None:
    audit.record(
        event,
        actor=request.agent.pk,
        subject=slip.agent_id,
        request=request,
        payslip=str(slip.pk),
        period=f"{slip.period:%Y-%m}",
        **facts,
    )
