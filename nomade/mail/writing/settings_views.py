"""How an agent writes: identities, signatures, format, questions before sending."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail.access import identity_for, mailbox_required
from nomade.mail.models import MailIdentity
from nomade.mail.writing import choices, identity_actions
from nomade.mail.writing.settings_forms import IdentityForm, WritingForm
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """Format, signature, delay, questions."""
    data = request.POST if request.method == "POST" else None
    form = WritingForm(data, instance=choices.preferences_of(request.agent))
    if form.is_valid():
        identity_actions.save_settings(form.save(commit=False))
        messages.success(request, _("Vos réglages sont enregistrés."))
        return _back()
    own = list(MailIdentity.objects.of(request.agent))
    status = 422 if form.errors else 200
    return render(request, "mail/writing_settings.html", {"form": form, "identities": own}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def new_identity(request: AgentRequest) -> HttpResponse:
    """One more identity."""
    return _edited(request, MailIdentity(agent=request.agent, name=request.agent.full_name), _("Nouvelle identité"))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def edit_identity(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """An identity changed."""
    return _edited(request, identity_for(request.agent, identifier), _("Modifier l’identité"))


@require_POST
@mailbox_required
def delete_identity(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """An identity forgotten."""
    identity_actions.delete_identity(identity_for(request.agent, identifier))
    messages.success(request, _("L’identité est supprimée."))
    return _back()


def _edited(request: AgentRequest, identity: MailIdentity, title: str) -> HttpResponse:
    form = IdentityForm(request.POST if request.method == "POST" else None, instance=identity)
    if form.is_valid():
        try:
            identity_actions.save_identity(form.save(commit=False))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("L’identité est enregistrée."))
            return _back()
    status = 422 if form.errors else 200
    return render(request, "mail/identity.html", {"form": form, "title": title}, status=status)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("mail:writing-settings"), status=303)
