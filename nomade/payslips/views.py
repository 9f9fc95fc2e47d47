"""Pages of « Ma paie ». Every opening of a slip is in the journal."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nomade.files.http import attachment, preview
from nomade.kernel import audit
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.payslips.access import content_of, net_of, payslip_for, payslips_of
from nomade.payslips.models import Payslip
from nomade.payslips.splitting import pdf
from nomade.payslips.splitting.pdf import UnreadablePdf
from nomade.payslips.statement import read_statement, text_rows
from nomade.people.http import AgentRequest
from nomade.ui.filters import money

# 1,080 pixels are sharp on a phone held sideways and stay under 150 KB.
IMAGE_WIDTH = 1080


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The latest slip, then all of them by year."""
    slips = list(payslips_of(request.agent))
    years = [(year, list(rows)) for year, rows in groupby(slips, key=lambda slip: slip.period.year)]
    # The name of the payroll's run matters only to tell two slips of one month apart.
    months = Counter((slip.period, slip.type) for slip in slips)
    twins = {slip.pk for slip in slips if months[slip.period, slip.type] > 1}
    context = {"latest": slips[0] if slips else None, "years": years, "twins": twins}
    return render(request, "payslips/index.html", context)


@require_safe
def page(request: AgentRequest, payslip_id: UUID) -> HttpResponse:
    """One slip: pictures of its pages beside their text."""
    slip = payslip_for(request.agent, payslip_id)
    content = content_of(slip)
    _journal("payslip.viewed", request, slip)
    context = {"slip": slip, "numbers": range(1, slip.pages + 1), **_text_of(content, slip.pages)}
    return render(request, "payslips/page.html", context)


def _text_of(content: bytes, pages: int) -> dict[str, object]:
    """The statement of a layout we know, and the rows of what it does not cover."""
    try:
        pieces = [pdf.segments(content, number) for number in range(pages)]
    except UnreadablePdf:
        return {"statement": None, "rows": []}
    statement = read_statement(pieces[0])
    rest = pieces[1:] if statement else pieces
    return {"statement": statement, "rows": [row for piece in rest for row in text_rows(piece)]}


@require_safe
def image(request: AgentRequest, payslip_id: UUID, number: int) -> HttpResponse:
    """One page as a picture that the portal draws itself: the browser never opens the payroll's PDF."""
    slip = payslip_for(request.agent, payslip_id)
    try:
        drawn = pdf.page_image(content_of(slip), number - 1, width=IMAGE_WIDTH)
    except IndexError as error:
        raise Http404 from error
    except UnreadablePdf as error:
        raise Http404 from error
    _journal("payslip.image_viewed", request, slip, page=number)
    return preview(drawn, content_type="image/png")


@require_safe
def download(request: AgentRequest, payslip_id: UUID) -> HttpResponse:
    """The PDF, as the payroll made it."""
    slip = payslip_for(request.agent, payslip_id)
    content = content_of(slip)
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
