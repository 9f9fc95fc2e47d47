"""Requests outside the catalogue, as the agent who sends them sees them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.drafts import discard_draft, load_draft
from nomade.cases.idempotency import new_form_token
from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.training import access
from nomade.training.actions import outside
from nomade.training.forms import OutsideForm
from nomade.training.views.requested import outside_shown

DRAFT = "training.outside"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AgentRequest) -> HttpResponse:
    """A training that the catalogue does not have; what is typed is kept as a draft."""
    draft = load_draft(request.agent, DRAFT)
    if request.method == "POST":
        form = OutsideForm(request.POST, request.FILES)
        answer = _sent(request, form) if form.is_valid() else None
        if answer is not None:
            return answer
    else:
        form = OutsideForm(initial={**(draft.first_values() if draft else {}), "form_token": new_form_token()})
    context = {"form": form, "draft": draft, "draft_key": DRAFT}
    return render(request, "training/outside_new.html", context, status=422 if form.errors else 200)


def _sent(request: AgentRequest, form: OutsideForm) -> HttpResponse | None:
    data = dict(form.cleaned_data)
    token, files = data.pop("form_token"), data.pop("quote")
    try:
        asked = outside.ask(request.agent, outside.Project(**data), files, token=token, request=request)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return None
    discard_draft(request.agent, DRAFT)
    messages.success(request, _("Demande envoyée."))
    return HttpResponseRedirect(reverse("training:outside-request", args=[asked]), status=303)


@require_safe
def page(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Where it stands."""
    asked = access.outside_request_of(request.agent, request_id)
    return outside_shown(request, asked, handles=False)


@require_safe
def quote(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """The quote that one gave."""
    asked = access.outside_request_of(request.agent, request_id)
    if asked.quote is None:
        raise Http404
    return attachment(store.read(asked.quote), name=asked.quote.name, content_type=asked.quote.content_type)


@require_POST
def cancel(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Gives it up."""
    asked = access.outside_request_of(request.agent, request_id)
    try:
        outside.cancel(asked, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Demande annulée."))
    return HttpResponseRedirect(reverse("training:outside-request", args=[asked.pk]), status=303)
