"""« Attestations » as an agent sees them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.idempotency import new_form_token, once
from nomade.certificates import actions, requests
from nomade.certificates.access import (
    certificate_for,
    certificates_of,
    checks_of,
    content_of,
    is_hr_officer,
    pdf_of,
    request_for,
    requests_of,
)
from nomade.certificates.facts import PRIVATE
from nomade.certificates.forms import AskForm, SettingsForm
from nomade.certificates.models import AT_ONCE, Certificate, HumanKind, Kind
from nomade.certificates.views.requested import request_shown
from nomade.files import cachet
from nomade.files.http import attachment
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

SHOWN = 30
CHECKS_SHOWN = 20


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What can be had at once, what needs a person, what was already made."""
    return _index(request)


def _index(request: AgentRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "kinds": [(kind.value, kind.label, new_form_token()) for kind in AT_ONCE],
        "human_kinds": HumanKind.choices,
        "mine": list(certificates_of(request.agent)[:SHOWN]),
        "asked": list(requests_of(request.agent)[:SHOWN]),
        "today_is": today(),
        "refusal": refusal,
        "officer": is_hr_officer(request.agent),
    }
    return render(request, "certificates/index.html", context, status=status)


@require_POST
def issue(request: AgentRequest) -> HttpResponse:
    """Makes a certificate and shows it: the second of two clicks, pressed twice or not."""
    try:
        kind = Kind(request.POST.get("kind", ""))
    except ValueError as error:
        raise Http404 from error
    if kind not in AT_ONCE:
        raise Http404
    try:
        made = once(
            request.agent,
            token=request.POST.get("form_token") or new_form_token(),  # a page opened before tokens
            form="certificates:issue",
            content={"kind": kind.value},
            action=lambda: str(actions.issue(request.agent, kind, request=request).pk),
        )
    except Refusal as refusal:
        return _index(request, refusal=refusal.message, status=422)
    messages.success(request, _("Votre attestation est prête."))
    return HttpResponseRedirect(reverse("certificates:page", args=[made.result]), status=303)


@require_safe
def page(request: AgentRequest, certificate_id: UUID) -> HttpResponse:
    """One certificate: its state, who checked it, its settings."""
    return _page(request, certificate_for(request.agent, certificate_id))


def _page(
    request: AgentRequest, found: Certificate, *, form: SettingsForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "certificate": found,
        "content": content_of(found),
        "valid": found.is_valid_on(today()),
        "private": found.kind in PRIVATE,
        "checks": list(checks_of(found)[:CHECKS_SHOWN]),
        "form": form or SettingsForm(initial={"valid_until": found.valid_until, "shows_salary": found.shows_salary}),
    }
    return render(request, "certificates/page.html", context, status=status)


@require_safe
def download(request: AgentRequest, certificate_id: UUID) -> HttpResponse:
    """The paper."""
    found = certificate_for(request.agent, certificate_id)
    content = pdf_of(found)
    audit.record(
        "certificate.downloaded",
        actor=request.agent.pk,
        subject=found.agent_id,
        request=request,
        certificate=str(found.pk),
        number=found.number,
    )
    return attachment(content, name=f"{found.kind}-{found.number}.pdf", content_type="application/pdf")


@require_POST
def configure(request: AgentRequest, certificate_id: UUID) -> HttpResponse:
    """Changes how long it may be checked, and what a checker reads."""
    found = certificate_for(request.agent, certificate_id)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        actions.change_settings(
            found,
            by=request.agent,
            shows_salary=form.cleaned_data["shows_salary"],
            valid_until=form.cleaned_data["valid_until"],
            request=request,
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _page(request, found, form=form, status=422)
    messages.success(request, _("Réglages enregistrés."))
    return HttpResponseRedirect(reverse("certificates:page", args=[found.pk]), status=303)


@require_POST
def revoke(request: AgentRequest, certificate_id: UUID) -> HttpResponse:
    """Makes the paper worth nothing to whoever checks it."""
    found = certificate_for(request.agent, certificate_id)
    actions.revoke(found, by=request.agent, request=request)
    messages.success(request, _("Attestation révoquée : qui la vérifie le lira."))
    return HttpResponseRedirect(reverse("certificates:page", args=[found.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AgentRequest) -> HttpResponse:
    """Asks for a document that a person prepares."""
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            asked = requests.ask(
                request.agent,
                HumanKind(data["kind"]),
                comment=data["comment"],
                token=data["form_token"],
                request=request,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Demande envoyée."))
            return HttpResponseRedirect(reverse("certificates:request", args=[asked]), status=303)
    context = {"form": form, "days": settings.NOMADE.certificate_request_days}
    return render(request, "certificates/ask.html", context, status=422 if form.errors else 200)


def _initial(request: AgentRequest) -> dict[str, str]:
    return {"form_token": new_form_token(), "kind": request.GET.get("document", "")}


@require_safe
def request_page(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Where a request stands."""
    asked = request_for(request.agent, request_id)
    return request_shown(request, asked, handles=False)


@require_safe
def request_file(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """The document that was delivered."""
    asked = request_for(request.agent, request_id)
    if asked.file is None:
        raise Http404
    content = cachet.read_out(asked.file, "certificates")
    audit.record(
        "certificate.downloaded",
        actor=request.agent.pk,
        subject=asked.owner_id,
        request=request,
        number=asked.reference,
    )
    return attachment(content, name=asked.file.name, content_type=asked.file.content_type)


@require_POST
def cancel(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Gives a request up."""
    asked = request_for(request.agent, request_id)
    try:
        requests.cancel(asked, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Demande annulée."))
    return HttpResponseRedirect(reverse("certificates:request", args=[asked.pk]), status=303)
