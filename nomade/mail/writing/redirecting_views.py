"""Redirecting: a message passed on as it is, under its author's name (RFC 5322 § 3.6.6)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mailkit.errors import MailError
from mailkit.mime.compose import MESSAGE, Attachment
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import gateway
from nomade.mail.access import folder_of, mailbox_required, outgoing_of, reference
from nomade.mail.models import OutgoingMessage, OutgoingState, Written
from nomade.mail.writing import actions, letters, originals
from nomade.mail.writing.forms import RecipientsForm
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def redirect(request: AgentRequest, key: str) -> HttpResponse:
    """To whom; the message itself is not changed."""
    ref = reference(folder_of(request), key)
    view = gateway.visit(request.agent, lambda session: session.message(ref, with_html=False))
    if request.method != "POST":
        return _show(request, RecipientsForm(), view.subject, str(uuid.uuid4()))
    form = RecipientsForm(request.POST)
    token = actions.token_of(request.POST.get("form_token", ""))
    if not form.is_valid():
        return _show(request, form, view.subject, str(token), status=422)
    written = Written(to=form.cleaned_data["to"], subject=view.subject, answers=letters.answered(ref, "redirect"))
    try:
        source = originals.source(request.agent, ref, view.size)
        whole = Attachment(originals.whole(view).name, MESSAGE, source)
        actions.send(request.agent, token, written, actions.Files([whole], frozenset()), request=request)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _show(request, form, view.subject, str(token), status=422)
    except MailError as error:
        form.add_error(None, gateway.sentence(error))
        return _show(request, form, view.subject, str(token), status=422)
    return _gone(request)


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def resume(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A redirection that was taken back or refused."""
    letter = outgoing_of(request.agent, identifier)
    written = letter.written()
    if not written.is_redirection:
        raise Http404
    if letter.state != OutgoingState.DRAFT:
        return HttpResponseRedirect(reverse("mail:outgoing"))
    if request.method != "POST":
        return _show(request, RecipientsForm(initial={"to": written.to}), written.subject, str(letter.token), letter)
    form = RecipientsForm(request.POST)
    if not form.is_valid():
        return _show(request, form, written.subject, str(letter.token), letter, status=422)
    again = Written(to=form.cleaned_data["to"], subject=written.subject, answers=written.answers)
    actions.send(request.agent, letter.token, again, actions.Files(), request=request)
    return _gone(request)


def _gone(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("Le message est redirigé."))
    return HttpResponseRedirect(reverse("mail:index"), status=303)


def _show(
    request: AgentRequest,
    form: RecipientsForm,
    subject: str,
    token: str,
    letter: OutgoingMessage | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "subject": subject, "token": token, "problem": letter.problem if letter else ""}
    return render(request, "mail/redirect.html", context, status=status)
