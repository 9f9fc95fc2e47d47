"""Pages of the pay office: files sent, dry runs, batches to release or to recall, paper. No slip opens here."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.accounts.factors.stepup import step_up_required
from nomade.files.http import attachment
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.spreadsheets import CSV_TYPE, csv_text
from nomade.payslips.access import (
    batch_or_404,
    batch_slip_or_404,
    import_or_404,
    latest_batches,
    latest_imports,
    paper_slips,
    pay_officers_only,
    slips_of_batch,
)
from nomade.payslips.actions import recall_batch, recall_payslip, release_batch
from nomade.payslips.actions.paper import note_printed
from nomade.payslips.actions.uploads import accept_import, drop_import, receive
from nomade.payslips.forms import ImportForm, RecallForm, ReleaseForm
from nomade.payslips.models import BatchState, PayImport, Payslip, PayslipBatch, month_of
from nomade.payslips.printing import SLIPS_A_FILE, merged, parts
from nomade.payslips.report import BLOCKING, LIST_LABELS, list_csv
from nomade.people.http import AgentRequest
from nomade.ui.filters import date_time

SHOWN = 20
LISTED = 8


@pay_officers_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The files being worked on, and every batch."""
    batches = Paginator(latest_batches(), SHOWN).get_page(request.GET.get("page"))
    open_imports = latest_imports().exclude(state__in=["stored", "dropped"])[:SHOWN]
    return render(request, "payslips/office.html", {"imports": list(open_imports), "batches": batches})


@pay_officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AgentRequest) -> HttpResponse:
    """Sends a file for its dry run."""
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            sent = receive(form.cleaned_data["upload"], form.wanted(), by=request.agent, request=request)
            return HttpResponseRedirect(reverse("payslips:import", args=[sent.pk]), status=303)
        return render(request, "payslips/import_new.html", {"form": form}, status=422)
    last = month_of(today())
    return render(request, "payslips/import_new.html", {"form": ImportForm(initial={"period": f"{last:%Y-%m}"})})


@pay_officers_only
@require_safe
def sent(request: AgentRequest, sent_id: UUID) -> HttpResponse:
    """How far a file is, then what its dry run found."""
    return _sent_page(request, import_or_404(sent_id))


def _sent_page(
    request: AgentRequest, found: PayImport, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    lists = found.report.get("lists", {})
    told = [
        {
            "kind": kind,
            "label": LIST_LABELS[kind],
            "count": len(rows),
            "rows": rows[:LISTED],
            "blocking": kind in BLOCKING,
        }
        for kind, rows in lists.items()
    ]
    context = {
        "sent": found,
        "lists": sorted(told, key=lambda item: (not item["blocking"], item["kind"] == "ready")),
        "left": _time_left(found),
        "refusal": refusal.message if refusal else "",
    }
    return render(request, "payslips/import.html", context, status=status, block="progress")


def _time_left(found: PayImport) -> timedelta | None:
    """At the pace of the stage so far; None before it can be told."""
    if not found.stage_started_at or not found.done or not found.total:
        return None
    spent = now() - found.stage_started_at
    return spent / found.done * (found.total - found.done)


@pay_officers_only
@require_safe
def sent_list(request: AgentRequest, sent_id: UUID, kind: str) -> HttpResponse:
    """One list of a dry run, for a spreadsheet."""
    found = import_or_404(sent_id)
    rows = found.report.get("lists", {}).get(kind)
    if rows is None:
        raise Http404
    audit.record(
        "payslips.list_downloaded", actor=request.agent.pk, subject=None, request=request, sent=str(found.pk), kind=kind
    )
    return attachment(list_csv(rows).encode(), name=f"import-{kind}.csv", content_type=CSV_TYPE)


@pay_officers_only
@require_POST
def accept(request: AgentRequest, sent_id: UUID) -> HttpResponse:
    """Stores the certain slips of a file that was read."""
    found = import_or_404(sent_id)
    try:
        accept_import(found, set_aside="set_aside" in request.POST, by=request.agent, request=request)
    except Refusal as refusal:
        return _sent_page(request, found, status=422, refusal=refusal)
    return HttpResponseRedirect(reverse("payslips:import", args=[found.pk]), status=303)


@pay_officers_only
@require_POST
def drop(request: AgentRequest, sent_id: UUID) -> HttpResponse:
    """Gives a file up before anything is stored."""
    found = import_or_404(sent_id)
    try:
        drop_import(found, by=request.agent, request=request)
    except Refusal as refusal:
        return _sent_page(request, found, status=422, refusal=refusal)
    messages.success(request, _("Import abandonné : aucun bulletin n’a été rangé."))
    return HttpResponseRedirect(reverse("payslips:office"), status=303)


@pay_officers_only
@require_safe
def batch(request: AgentRequest, batch_id: UUID) -> HttpResponse:
    """One batch: what it holds, who did what, and what may still be done."""
    return _batch_page(request, batch_or_404(batch_id))


def _batch_page(
    request: AgentRequest,
    found: PayslipBatch,
    *,
    release: ReleaseForm | None = None,
    recall: RecallForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    matricule = request.GET.get("matricule", "").strip()[:20]
    context = {
        "batch": found,
        "visible": bool(found.published_at and found.published_at <= now()),
        "own": found.imported_by_id == request.agent.pk,
        "release": release or ReleaseForm(),
        "recall": recall or RecallForm(),
        "refusal": refusal,
        "matricule": matricule,
        "slips": list(slips_of_batch(found, matricule)) if matricule else [],
        "ready": found.state == BatchState.READY,
        "recallable": found.state in {BatchState.READY, BatchState.PUBLISHED},
    }
    return render(request, "payslips/batch.html", context, status=status)


@pay_officers_only
@require_POST
@step_up_required
def release(request: AgentRequest, batch_id: UUID) -> HttpResponse:
    """Makes a batch visible, now or at a time."""
    found = batch_or_404(batch_id)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, found, release=form, status=422)
    try:
        released = release_batch(found, by=request.agent, at=form.cleaned_data["at"], request=request)
    except Refusal as refusal:
        return _batch_page(request, found, release=form, refusal=refusal.message, status=422)
    if released.published_at and released.published_at > now():
        said = _("Publication prévue le %(at)s : les agents ne voient rien d’ici là.")
        messages.success(request, said % {"at": date_time(released.published_at)})
    else:
        messages.success(request, _("Lot publié : chaque agent sera prévenu, sans aucun montant."))
    return HttpResponseRedirect(reverse("payslips:batch", args=[found.pk]), status=303)


@pay_officers_only
@require_POST
@step_up_required
def recall(request: AgentRequest, batch_id: UUID) -> HttpResponse:
    """Takes a batch, or one slip of it, back."""
    found = batch_or_404(batch_id)
    form = RecallForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, found, recall=form, status=422)
    try:
        _recall(request, found, form.cleaned_data["reason"])
    except Refusal as refusal:
        return _batch_page(request, found, recall=form, refusal=refusal.message, status=422)
    return HttpResponseRedirect(reverse("payslips:batch", args=[found.pk]), status=303)


def _recall(request: AgentRequest, found: PayslipBatch, reason: str) -> None:
    wanted = request.POST.get("bulletin", "")
    if not wanted:
        recall_batch(found, by=request.agent, reason=reason, request=request)
        messages.success(request, _("Lot rappelé : plus aucun de ses bulletins n’est visible."))
        return
    try:
        slip = batch_slip_or_404(found, UUID(wanted))
    except ValueError as error:
        raise Http404 from error
    recall_payslip(slip, by=request.agent, reason=reason, request=request)
    messages.success(request, _("Bulletin rappelé."))


@pay_officers_only
@require_safe
def paper(request: AgentRequest) -> HttpResponse:
    """Whose slips of a month are printed and sent; as a page, or as a file for whoever prints."""
    month = _month(request.GET.get("mois", ""))
    slips = list(paper_slips(month))
    if request.GET.get("format") == "csv":
        return _paper_csv(request, month, slips)
    files = range(1, parts(len(slips)) + 1)
    context = {"month": month, "slips": slips, "files": files, "before": month_of(month - timedelta(days=1))}
    return render(request, "payslips/paper_list.html", context)


@pay_officers_only
@require_POST
@step_up_required
def print_paper(request: AgentRequest) -> HttpResponse:
    """One file for the printer; each agent sees that their slip was printed, by whom."""
    month = _month(request.POST.get("mois", ""))
    part = request.POST.get("partie", "1")
    rank = int(part) - 1 if part.isdigit() else -1
    slips = list(paper_slips(month)[rank * SLIPS_A_FILE : (rank + 1) * SLIPS_A_FILE]) if rank >= 0 else []
    if not slips:
        raise Http404
    content = merged(slips)
    note_printed(slips, by=request.agent, request=request)
    name = f"bulletins-papier-{month:%Y-%m}-{rank + 1}.pdf"
    return attachment(content, name=name, content_type="application/pdf")


def _month(text: str) -> date:
    try:
        return month_of(date.fromisoformat(f"{text}-01")) if text else month_of(today())
    except ValueError as error:
        raise Http404 from error


def _paper_csv(request: AgentRequest, month: date, slips: list[Payslip]) -> HttpResponse:
    header = ["matricule", "nom", "prenom", "adresse", "pages"]
    text = csv_text(
        header,
        (
            (slip.agent.matricule, slip.agent.shown_last_name, slip.agent.first_name, slip.agent.address, slip.pages)
            for slip in slips
        ),
    )
    audit.record("payslips.paper_list", actor=request.agent.pk, subject=None, request=request, month=f"{month:%Y-%m}")
    return attachment(text.encode(), name=f"bulletins-papier-{month:%Y-%m}.csv", content_type=CSV_TYPE)
