"""Requests to answer, and the texts of certificates."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nomade.certificates import actions, requests
from nomade.certificates.access import (
    hr_officers_only,
    request_to_answer,
    requests_to_answer,
    text_writers_only,
    versions_of,
    writes_texts,
)
from nomade.certificates.facts import text_in_force
from nomade.certificates.forms import AnswerForm, TextForm
from nomade.certificates.models import CertificateRequest, Kind
from nomade.certificates.preview import preview_pdf
from nomade.certificates.rules import FIELDS
from nomade.certificates.views.requested import request_shown
from nomade.files.http import attachment
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

SHOWN = 50


@hr_officers_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What waits for an answer in this officer's perimeter."""
    waiting = list(requests_to_answer(request.agent)[:SHOWN])
    context = {"waiting": waiting, "texts": Kind.choices if writes_texts(request.agent) else [], "today_is": today()}
    return render(request, "certificates/office.html", context)


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Delivers the document, or refuses with a reason."""
    asked = request_to_answer(request.agent, request_id)
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, asked, form)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return HttpResponseRedirect(reverse("certificates:office"), status=303)
    return request_shown(request, asked, handles=True, form=form, status=422 if form.errors else 200)


def _act(request: AgentRequest, asked: CertificateRequest, form: AnswerForm) -> None:
    data = form.cleaned_data
    if data["decision"] == "refuse":
        requests.refuse(asked, reason=data["reason"], by=request.agent, version=data["version"], request=request)
        messages.success(request, _("Demande refusée : l’agent lira le motif."))
        return
    if not data["document"]:
        raise Refusal(_("Choisissez le document à remettre."), field="document")
    requests.deliver(asked, data["document"][0], by=request.agent, version=data["version"], request=request)
    messages.success(request, _("Document remis à %(name)s.") % {"name": asked.owner.full_name})


@text_writers_only
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: AgentRequest, kind: str) -> HttpResponse:
    """Writes a new version of a text, or looks at it on a fictitious agent first."""
    wanted = _kind(kind)
    form = TextForm(request.POST) if request.method == "POST" else TextForm(initial=_initial(wanted))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if "apercu" in request.POST:
                pdf = preview_pdf(wanted, title=data["title"], body=data["body"], signatory=data["signatory"])
                return attachment(pdf, name=f"apercu-{wanted}.pdf", content_type="application/pdf")
            actions.write_text(wanted, by=request.agent, request=request, **data)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Texte enregistré : il s’appliquera à partir de la date choisie."))
            return HttpResponseRedirect(reverse("certificates:text", args=[wanted]), status=303)
    context = {"form": form, "kind": wanted, "fields": FIELDS, "versions": list(versions_of(wanted))}
    return render(request, "certificates/text.html", context, status=422 if form.errors else 200)


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError as error:
        raise Http404 from error


def _initial(kind: Kind) -> dict[str, object]:
    current = text_in_force(kind)
    return {"title": current.title, "body": current.body, "signatory": current.signatory, "valid_from": today()}
