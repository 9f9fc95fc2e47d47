"""Folders as the HR officers of a perimeter keep them: deposits, must-reads, requests."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.documents.access import (
    agent_in_perimeter,
    agents_found,
    audience_of,
    collection_or_404,
    collections_of,
    deposit_or_404,
    document_of_perimeter,
    first_readings,
    folder_of,
    hr_officers_only,
    item_of_collection,
    keeps_schedule,
    must_reads_of,
    perimeter,
    published_must_read,
    waiting_deposits,
)
from nomade.documents.actions import collections, folders, notices
from nomade.documents.actions import splitting as large_files
from nomade.documents.actions.folders import HR_ROLE
from nomade.documents.forms import AnswerForm, CollectionForm, DepositForm, LargeForm, ManyForm, MustReadForm
from nomade.documents.models import Collection, CollectionItem, Deposit, DepositState, MustRead, Reading
from nomade.documents.sheets import picture_of, sheets_of
from nomade.files import cachet, store
from nomade.files.http import attachment
from nomade.files.models import StoredFile
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.spreadsheets import CSV_TYPE, csv_text
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

SHOWN = 50


@hr_officers_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """An agent to find, what waits, what was published and asked."""
    query = request.GET.get("q", "").strip()[:80]
    context = {
        "query": query,
        "schedule": keeps_schedule(request.agent),
        "agents": list(agents_found(request.agent, query)[:SHOWN]) if query else [],
        "deposits": list(waiting_deposits(request.agent)[:SHOWN]),
        "must_reads": list(must_reads_of(request.agent)[:SHOWN]),
        "collections": list(collections_of(request.agent)[:SHOWN]),
    }
    return render(request, "documents/office.html", context)


@hr_officers_only
@require_safe
def folder(request: AgentRequest, matricule: str) -> HttpResponse:
    """The folder of an agent of the perimeter; opening it is told to its owner."""
    agent = agent_in_perimeter(request.agent, matricule)
    receipts = first_readings(agent)
    documents = [(one, receipts.get(str(one.pk))) for one in folder_of(agent)[:200]]
    audit.record(
        "document.viewed", actor=request.agent.pk, subject=agent.pk, request=request, title=_("dossier"), role=HR_ROLE
    )
    return render(request, "documents/folder.html", {"agent": agent, "documents": documents})


@hr_officers_only
@require_safe
def page(request: AgentRequest, document_id: UUID) -> HttpResponse:
    """A document of the perimeter, shown; its owner sees who opened it."""
    document = document_of_perimeter(request.agent, document_id)
    sheets = sheets_of(document.file, "documents:office-image", document.pk)
    folders.note_reading(document, by=request.agent, role=HR_ROLE, request=request, event="document.viewed")
    return render(request, "documents/office_page.html", {"document": document, "sheets": sheets})


@hr_officers_only
@require_safe
def image(request: AgentRequest, document_id: UUID, number: int) -> HttpResponse:
    """One of its pages, as a picture."""
    document = document_of_perimeter(request.agent, document_id)
    drawn = picture_of(document.file, number)
    folders.note_page_drawn(document, by=request.agent, request=request)
    return drawn


@hr_officers_only
@require_safe
def download(request: AgentRequest, document_id: UUID) -> HttpResponse:
    """A document of the perimeter; its owner sees who opened it."""
    document = document_of_perimeter(request.agent, document_id)
    content = cachet.read_out(document.file, "documents")
    folders.note_reading(document, by=request.agent, role=HR_ROLE, request=request)
    return attachment(content, name=document.file.name, content_type=document.file.content_type)


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: AgentRequest) -> HttpResponse:
    """One document for one agent."""
    form = (
        DepositForm(request.POST, request.FILES) if request.method == "POST" else DepositForm(initial=_initial(request))
    )
    if request.method == "POST" and form.is_valid():
        agent = perimeter(request.agent).filter(matricule=form.cleaned_data["matricule"].strip()).first()
        if agent is None:
            form.add_error("matricule", _("Aucun agent de votre périmètre n’a ce matricule."))
        else:
            folders.deposit_one(
                agent, form.cleaned_data["document"][0], form.label(), by=request.agent, request=request
            )
            messages.success(request, _("Document déposé dans le dossier de %(name)s.") % {"name": agent.full_name})
            return HttpResponseRedirect(reverse("documents:folder", args=[agent.matricule]), status=303)
    return render(request, "documents/deposit.html", {"form": form}, status=422 if form.errors else 200)


def _initial(request: AgentRequest) -> dict[str, object]:
    return {"matricule": request.GET.get("matricule", ""), "dated_on": today()}


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: AgentRequest) -> HttpResponse:
    """Many documents at once: a dry run first."""
    form = (
        ManyForm(request.POST, request.FILES) if request.method == "POST" else ManyForm(initial={"dated_on": today()})
    )
    if request.method == "POST" and form.is_valid():
        made = folders.rehearse_many(form.cleaned_data["documents"], form.label(), by=request.agent, request=request)
        return HttpResponseRedirect(reverse("documents:many-page", args=[made.pk]), status=303)
    return render(request, "documents/many.html", {"form": form}, status=422 if form.errors else 200)


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def large(request: AgentRequest) -> HttpResponse:
    """One file for many agents: read and split by a job, a dry run before anything is in a folder."""
    form = (
        LargeForm(request.POST, request.FILES) if request.method == "POST" else LargeForm(initial={"dated_on": today()})
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = large_files.receive_large(
                data["upload"], form.label(), pattern=data["pattern"], by=request.agent, request=request
            )
        except Refusal as refusal:
            form.add_error("upload", refusal.message)
        else:
            return HttpResponseRedirect(reverse("documents:many-page", args=[made.pk]), status=303)
    return render(request, "documents/large.html", {"form": form}, status=422 if form.errors else 200)


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def many_page(request: AgentRequest, deposit_id: UUID) -> HttpResponse:
    """Whose each file is; confirmed by a second person, or given up."""
    found = deposit_or_404(request.agent, deposit_id)
    refusal = ""
    if request.method == "POST":
        try:
            if request.POST.get("decision") == "drop":
                folders.drop_many(found, by=request.agent, request=request)
                messages.success(request, _("Dépôt abandonné : rien n’a été mis dans les dossiers."))
            else:
                count = folders.confirm_many(found, by=request.agent, request=request)
                messages.success(
                    request,
                    ngettext("%(count)s document déposé.", "%(count)s documents déposés.", count) % {"count": count},
                )
            return HttpResponseRedirect(reverse("documents:office"), status=303)
        except Refusal as error:
            refusal = error.message
    if request.GET.get("format") == "csv":
        return attachment(_deposit_csv(found), name="lot.csv", content_type=CSV_TYPE)
    lines = found.lines.select_related("agent").order_by("agent__sort_name", "name")
    sure, doubtful = lines.filter(agent__isnull=False), lines.filter(agent__isnull=True)
    twice = settings.NOMADE.document_second_reading == "yes"
    context = {
        "found": found,
        "sure": sure[:SHOWN],
        "sure_count": sure.count(),
        "doubtful": doubtful[:SHOWN],
        "doubtful_count": doubtful.count(),
        "refusal": refusal,
        "waiting": found.state == DepositState.TO_CONFIRM,
        "own": twice and found.sent_by_id == request.agent.pk,
    }
    return render(request, "documents/many_page.html", context, status=422 if refusal else 200, block="progress")


def _deposit_csv(found: Deposit) -> bytes:
    """What a dry run found, one file a line."""
    lines = found.lines.select_related("agent").order_by("agent__sort_name", "name")
    rows = (
        (line.name, line.agent.matricule, line.agent.full_name, "") if line.agent else (line.name, "", "", line.problem)
        for line in lines.iterator()
    )
    return csv_text(["fichier", "matricule", "agent", "anomalie"], rows).encode()


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: AgentRequest) -> HttpResponse:
    """A document that many must read."""
    form = MustReadForm(request.POST, request.FILES) if request.method == "POST" else MustReadForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = {name: data[name] for name in ("title", "unit", "status", "place", "due_on")}
        try:
            made = notices.publish(data["document"][0], by=request.agent, request=request, **chosen)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Document publié : chaque agent concerné est prévenu."))
            return HttpResponseRedirect(reverse("documents:readers", args=[made.pk]), status=303)
    return render(request, "documents/publish.html", {"form": form}, status=422 if form.errors else 200)


@hr_officers_only
@require_safe
def readers(request: AgentRequest, must_read_id: UUID) -> HttpResponse:
    """Who has read it and who has not, as a page or as a file."""
    found = published_must_read(request.agent, must_read_id)
    if request.GET.get("format") == "csv":
        return attachment(_readers_csv(found), name="lecteurs.csv", content_type=CSV_TYPE)
    audience = audience_of(found)
    read = found.readings.count()
    readings = list(found.readings.select_related("agent", "noted_by").order_by("-at")[:SHOWN])
    unread = list(audience.exclude(pk__in=found.readings.values("agent")).order_by("sort_name")[:SHOWN])
    context = {"found": found, "total": audience.count(), "read": read, "readings": readings, "unread": unread}
    return render(request, "documents/readers.html", context)


def _readers_csv(found: MustRead) -> bytes:
    read = {reading.agent_id: reading for reading in Reading.objects.filter(must_read=found)}
    rows = []
    for agent in audience_of(found).order_by("sort_name").iterator(chunk_size=2000):
        reading = read.get(agent.pk)
        at = f"{reading.at:%Y-%m-%d %H:%M}" if reading else ""
        team = "oui" if reading and reading.noted_by_id else ""
        rows.append((agent.matricule, agent.shown_last_name, agent.first_name, at, team))
    return csv_text(["matricule", "nom", "prenom", "lu_le", "lu_en_equipe"], rows).encode()


@hr_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: AgentRequest) -> HttpResponse:
    """Asks several agents for a document."""
    form = CollectionForm(request.POST) if request.method == "POST" else CollectionForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            agents: list[Agent] = collections.aimed_at(
                request.agent, unit=data["unit"], status=data["status"], matricules=data["matricules"]
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            chosen = {name: data[name] for name in ("title", "instructions", "wants_expiry", "due_on")}
            made = collections.ask_many(agents, kind=data["type"], by=request.agent, request=request, **chosen)
            count = len(agents)
            said = ngettext("Document demandé à %(count)s agent.", "Document demandé à %(count)s agents.", count)
            messages.success(request, said % {"count": count})
            return HttpResponseRedirect(reverse("documents:collection", args=[made.pk]), status=303)
    return render(request, "documents/collect.html", {"form": form}, status=422 if form.errors else 200)


@hr_officers_only
@require_safe
def collection(request: AgentRequest, collection_id: UUID) -> HttpResponse:
    """Where each agent's answer stands, what is to check first."""
    found = collection_or_404(request.agent, collection_id)
    items = sorted(
        found.items.select_related("agent"), key=lambda item: (item.state != "provided", item.agent.sort_name)
    )
    return render(request, "documents/collection.html", {"found": found, "items": items, "today_is": today()})


@hr_officers_only
@require_POST
def answer(request: AgentRequest, collection_id: UUID, item_id: UUID) -> HttpResponse:
    """Accepts or refuses what an agent gave."""
    found = collection_or_404(request.agent, collection_id)
    item: CollectionItem = item_of_collection(found, item_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    try:
        collections.answer(
            item,
            approved=data["decision"] == "approve",
            reason=data["reason"],
            version=data["version"],
            by=request.agent,
            request=request,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Réponse envoyée à %(name)s.") % {"name": item.agent.full_name})
    return HttpResponseRedirect(reverse("documents:collection", args=[found.pk]), status=303)


@hr_officers_only
@require_safe
def answer_page(request: AgentRequest, collection_id: UUID, item_id: UUID) -> HttpResponse:
    """What an agent gave, beside the answer to give them."""
    found = collection_or_404(request.agent, collection_id)
    item, file = _given(found, item_id)
    sheets = sheets_of(file, "documents:answer-image", found.pk, item.pk)
    _note_given(request, item)
    context = {"found": found, "item": item, "sheets": sheets}
    return render(request, "documents/answer_page.html", context)


@hr_officers_only
@require_safe
def answer_image(request: AgentRequest, collection_id: UUID, item_id: UUID, number: int) -> HttpResponse:
    """One page of it, as a picture."""
    _item, file = _given(collection_or_404(request.agent, collection_id), item_id)
    return picture_of(file, number)


@hr_officers_only
@require_safe
def answer_file(request: AgentRequest, collection_id: UUID, item_id: UUID) -> HttpResponse:
    """What an agent gave, to keep a copy."""
    item, file = _given(collection_or_404(request.agent, collection_id), item_id)
    content = store.read(file)
    _note_given(request, item)
    return attachment(content, name=file.name, content_type=file.content_type)


def _given(found: Collection, item_id: UUID) -> tuple[CollectionItem, StoredFile]:
    item: CollectionItem = item_of_collection(found, item_id)
    if item.file is None:
        raise Http404
    return item, item.file


def _note_given(request: AgentRequest, item: CollectionItem) -> None:
    audit.record(
        "document.viewed",
        actor=request.agent.pk,
        subject=item.agent_id,
        request=request,
        title=item.collection.title,
        role=HR_ROLE,
    )
