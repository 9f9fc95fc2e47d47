"""Requests with documents, for their owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.drafts import load_draft
from nomade.cases.idempotency import new_form_token
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.personnel_file.access_requests import request_of, requests_of, waiting_piece, waiting_pieces
from nomade.personnel_file.actions import changes
from nomade.personnel_file.forms.changes import FORMS, ChangeForm
from nomade.personnel_file.models import Subject
from nomade.personnel_file.subjects import SPECS, before_of, in_words
from nomade.personnel_file.views.requested import request_shown

SHOWN = 50


def subject_of(slug: str) -> Subject:
    """The subject of an address. Raises Http404."""
    try:
        return Subject(slug)
    except ValueError as error:
        raise Http404 from error


@require_safe
def requests(request: AgentRequest) -> HttpResponse:
    """What can be asked, and where one's requests stand."""
    context = {"specs": SPECS, "requests": list(requests_of(request.agent)[:SHOWN])}
    return render(request, "personnel_file/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest, slug: str) -> HttpResponse:
    """Asks for a change. Documents stay with the form until it is sent, whatever else is wrong in it."""
    subject = subject_of(slug)
    if request.method != "POST":
        return _form(request, subject, FORMS[subject](initial=_initial(request, subject)))
    form = FORMS[subject](request.POST, request.FILES)
    form.full_clean()
    try:
        changes.keep_pieces(request.agent, subject, form.cleaned_data.get("pieces") or [])
        if form.is_valid():
            sent = _submit(request, subject, form)
            messages.success(request, _("Demande envoyée."))
            return HttpResponseRedirect(reverse("personnel_file:request", args=[sent]), status=303)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
    return _form(request, subject, form, status=422)


def _submit(request: AgentRequest, subject: Subject, form: ChangeForm) -> str:
    data = form.cleaned_data
    return changes.submit(
        request.agent,
        subject,
        form.after(),
        effective_on=data["effective_on"],
        comment=data["comment"],
        token=data["form_token"],
        http=request,
    )


def _initial(request: AgentRequest, subject: Subject) -> dict[str, Any]:
    initial: dict[str, Any] = {"effective_on": today().isoformat()}
    if subject in {Subject.NAME, Subject.FAMILY}:
        initial |= before_of(request.agent, subject)
    if subject == Subject.CHILD:
        initial["last_name"] = request.agent.last_name
    draft = load_draft(request.agent, changes.form_key(subject))
    return initial | (draft.first_values() if draft else {}) | {"form_token": new_form_token()}


def _form(request: AgentRequest, subject: Subject, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    key = changes.form_key(subject)
    context = {
        "subject": subject,
        "spec": SPECS[subject],
        "form": form,
        "own_fields": [form[name] for name in form.own],
        "before": in_words(subject, before_of(request.agent, subject)),
        "pieces": waiting_pieces(request.agent, key),
        "draft": load_draft(request.agent, key) if request.method != "POST" else None,
        "draft_key": key,
        "promise": changes.promise(subject, today()),
    }
    return render(request, "personnel_file/new.html", context, status=status)


@require_POST
def drop_piece(request: AgentRequest, slug: str, piece_id: int) -> HttpResponse:
    """Takes a document out of a form that is not sent yet."""
    subject = subject_of(slug)
    changes.drop_piece(waiting_piece(request.agent, changes.form_key(subject), piece_id))
    messages.success(request, _("Pièce retirée."))
    return HttpResponseRedirect(reverse("personnel_file:new", args=[slug]), status=303)


@require_safe
def page(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Where a request stands."""
    return request_shown(request, request_of(request.agent, request_id), handles=False)


@require_POST
def cancel(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """Gives a request up."""
    asked = request_of(request.agent, request_id)
    try:
        changes.cancel(asked, by=request.agent, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Demande annulée."))
    return HttpResponseRedirect(reverse("personnel_file:request", args=[asked.pk]), status=303)
