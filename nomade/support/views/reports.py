"""« Signaler un dysfonctionnement », from every page."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.cases.idempotency import once
from nomade.kernel.errors import Refusal
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render
from nomade.people.models import Agent
from nomade.support.actions.knowledge import report_from_outside
from nomade.support.actions.tickets import open_ticket
from nomade.support.forms import PublicReportForm, ReportForm, SignedReportForm
from nomade.support.models import Category
from nomade.support.shipped import MALFUNCTION
from nomade.support.wording import contacts, opening_in_words


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The page and the reference come with the link; a word is enough. Signed in, it opens a ticket."""
    agent: Agent | None = request.user.agent if request.user.is_authenticated else None
    if settings.NOMADE.support_tool_url:
        return render(request, "support/report_elsewhere.html", _around())
    kind = SignedReportForm if agent else PublicReportForm
    if request.method != "POST":
        asked = {"page": request.GET.get("page", ""), "error_reference": request.GET.get("reference", "")}
        return render(request, "support/report.html", {"form": kind(initial=asked), **_around()})
    form = kind(request.POST, request.FILES)
    if form.is_valid():
        try:
            reference = _send_signed(request, agent, form) if agent else _send_public(request, form)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return render(request, "support/reported.html", {"reference": reference, **_around()})
    return render(request, "support/report.html", {"form": form, **_around()}, status=422)


def _around() -> dict[str, object]:
    return {"contacts": contacts(), "opening": opening_in_words(), "tool_url": settings.NOMADE.support_tool_url}


def _send_signed(request: HttpRequest, agent: Agent, form: ReportForm) -> str:
    """A ticket of the category « Dysfonctionnement », once however often the form is sent."""
    data = form.cleaned_data
    page = data["page"] or _("page inconnue")

    def send() -> str:
        return open_ticket(
            agent,
            category=Category.objects.get(code=MALFUNCTION),
            subject=_("Dysfonctionnement : %(page)s") % {"page": page[:120]},
            text=data["text"],
            files=data["pieces"],
            page=data["page"],
            error_reference=data["error_reference"],
            http=request,
        ).reference

    return once(agent, token=data["form_token"], form="support.report", content=form.content, action=send).result


def _send_public(request: HttpRequest, form: ReportForm) -> str:
    data = form.cleaned_data
    return report_from_outside(
        cast(PortalRequest, request),
        token=data["form_token"],
        text=data["text"],
        contact=data["contact"],
        page=data["page"],
        error_reference=data["error_reference"],
    ).reference
