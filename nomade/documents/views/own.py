"""« Mes documents » as an agent sees them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.documents.access import (
    document_for,
    folder_of,
    is_hr_officer,
    item_for,
    items_of,
    keeps_schedule,
    must_read_for,
    team_unread,
    unread_by,
)
from nomade.documents.actions import collections, folders, notices
from nomade.documents.forms import ProvideForm
from nomade.documents.models import CollectionItem, DocumentType, Reading
from nomade.documents.sheets import picture_of, sheets_of
from nomade.files import cachet, store
from nomade.files.http import attachment
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest

SHOWN = 200


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What must be read or given, then the folder, by date or by type."""
    query, kind = request.GET.get("q", "").strip()[:80], request.GET.get("type", "")
    documents = folder_of(request.agent, query=query, type_code=kind)
    if request.GET.get("tri") == "type":
        documents = documents.order_by("type__label", "-dated_on")
    items = list(items_of(request.agent)[:SHOWN])
    context = {
        "documents": list(documents[:SHOWN]),
        "types": list(DocumentType.objects.order_by("label")),
        "query": query,
        "kind": kind,
        "sort": request.GET.get("tri", ""),
        "unread": list(unread_by(request.agent)[:SHOWN]),
        "items": items,
        "officer": is_hr_officer(request.agent),
        "schedule": keeps_schedule(request.agent),
    }
    return render(request, "documents/index.html", context)


@require_safe
def page(request: AgentRequest, document_id: UUID) -> HttpResponse:
    """One document: what it is, its receipt, its acknowledgement, its pages. Opening it is the read receipt."""
    document = document_for(request.agent, document_id)
    sheets = sheets_of(document.file, "documents:image", document.pk)
    if not sheets.problem:
        folders.note_reading(document, by=request.agent, request=request, event="document.viewed")
    return render(request, "documents/page.html", {"document": document, "sheets": sheets})


@require_safe
def image(request: AgentRequest, document_id: UUID, number: int) -> HttpResponse:
    """One of its pages, as a picture."""
    return picture_of(document_for(request.agent, document_id).file, number)


@require_safe
def download(request: AgentRequest, document_id: UUID) -> HttpResponse:
    """Its content."""
    document = document_for(request.agent, document_id)
    content = cachet.read_out(document.file, "documents")
    folders.note_reading(document, by=request.agent, request=request)
    return attachment(content, name=document.file.name, content_type=document.file.content_type)


@require_POST
@step_up_required
def acknowledge(request: AgentRequest, document_id: UUID) -> HttpResponse:
    """« J’ai bien reçu ce document », by somebody who proved who they are."""
    document = document_for(request.agent, document_id)
    try:
        folders.acknowledge(document, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Accusé de réception enregistré."))
    return HttpResponseRedirect(reverse("documents:page", args=[document.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def must_read(request: AgentRequest, must_read_id: UUID) -> HttpResponse:
    """A document to read; the press on « J’ai lu » is the proof, not the opening."""
    found = must_read_for(request.agent, must_read_id)
    if request.method == "POST":
        notices.mark_read(found, by=request.agent, request=request)
        messages.success(request, _("C’est noté : vous avez lu ce document."))
        return HttpResponseRedirect(reverse("documents:must-read", args=[found.pk]), status=303)
    reading = Reading.objects.filter(must_read=found, agent=request.agent).select_related("noted_by").first()
    team = list(team_unread(request.agent, found)[:SHOWN])
    sheets = sheets_of(found.file, "documents:must-read-image", found.pk)
    context = {"found": found, "reading": reading, "team": team, "sheets": sheets}
    return render(request, "documents/must_read.html", context)


@require_safe
def must_read_image(request: AgentRequest, must_read_id: UUID, number: int) -> HttpResponse:
    """One of its pages, as a picture."""
    return picture_of(must_read_for(request.agent, must_read_id).file, number)


@require_safe
def must_read_file(request: AgentRequest, must_read_id: UUID) -> HttpResponse:
    """Its content."""
    found = must_read_for(request.agent, must_read_id)
    content = cachet.read_out(found.file, "documents")
    audit.record(
        "document.downloaded",
        actor=request.agent.pk,
        subject=request.agent.pk,
        request=request,
        document=str(found.pk),
        title=found.title,
    )
    return attachment(content, name=found.file.name, content_type=found.file.content_type)


@require_POST
def read_by_team(request: AgentRequest, must_read_id: UUID) -> HttpResponse:
    """« Lu en équipe », ticked by the supervisor for those who were there."""
    found = must_read_for(request.agent, must_read_id)
    chosen = [int(text) for text in request.POST.getlist("agent") if text.isdigit()]
    count = notices.mark_read_by_team(found, chosen, by=request.agent, request=request)
    said = ngettext("%(count)s lecture en équipe notée.", "%(count)s lectures en équipe notées.", count)
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("documents:must-read", args=[found.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: AgentRequest, item_id: UUID) -> HttpResponse:
    """A document that is asked for."""
    found = item_for(request.agent, item_id)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ProvideForm(*given, wants_expiry=found.collection.wants_expiry)
    if request.method == "POST" and form.is_valid():
        try:
            _provide(request, found, form)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Document envoyé : vous serez prévenu de la réponse."))
            return HttpResponseRedirect(reverse("documents:item", args=[found.pk]), status=303)
    sheets = sheets_of(found.file, "documents:item-image", found.pk) if found.file and not found.open else None
    context = {"item": found, "form": form, "sheets": sheets}
    return render(request, "documents/item.html", context, status=422 if form.errors else 200)


def _provide(request: AgentRequest, found: CollectionItem, form: ProvideForm) -> None:
    data = form.cleaned_data
    collections.provide(found, data["document"][0], expires_on=data["expires_on"], by=request.agent, request=request)


@require_safe
def item_file(request: AgentRequest, item_id: UUID) -> HttpResponse:
    """What the agent gave."""
    found = item_for(request.agent, item_id)
    if found.file is None:
        raise Http404
    return attachment(store.read(found.file), name=found.file.name, content_type=found.file.content_type)


@require_safe
def item_image(request: AgentRequest, item_id: UUID, number: int) -> HttpResponse:
    """One page of it, as a picture."""
    found = item_for(request.agent, item_id)
    if found.file is None:
        raise Http404
    return picture_of(found.file, number)
