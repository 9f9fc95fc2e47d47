"""How long each type is kept, and the removal of what is over: a list, a visa, a proof."""

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
    may_sign,
    purge_or_404,
    purges,
    retention_only,
    rule_change_or_404,
    rule_changes,
    type_or_404,
)
from nomade.documents.actions import purging, schedule
from nomade.documents.forms import NewTypeForm, RuleForm
from nomade.documents.models import DocumentType
from nomade.documents.paper import destruction_certificate
from nomade.files import cachet
from nomade.files.http import attachment
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.kernel.spreadsheets import CSV_TYPE, csv_text
from nomade.people.http import AgentRequest

SHOWN = 50


@retention_only
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: AgentRequest) -> HttpResponse:
    """The schedule, the lists made so far, and a button that makes one: nothing goes by itself."""
    refusal = ""
    if request.method == "POST":
        try:
            made = purging.propose(by=request.agent, request=request)
            return HttpResponseRedirect(reverse("documents:purge", args=[made.pk]), status=303)
        except Refusal as error:
            refusal = error.message
    changes = list(rule_changes()[:SHOWN])
    context = {
        "types": list(DocumentType.objects.select_related("signed_by").order_by("label")),
        "purges": list(purges().defer("lines")[:SHOWN]),
        "waiting": [one for one in changes if one.decided_at is None],
        "past": [one for one in changes if one.decided_at is not None],
        "signs": may_sign(request.agent),
        "refusal": refusal,
    }
    return render(request, "documents/retention.html", context, status=422 if refusal else 200)


@retention_only
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: AgentRequest, code: str) -> HttpResponse:
    """Another duration for a type: it waits for the archivist's visa."""
    known = type_or_404(code)
    initial = {name: getattr(known, name) for name in schedule.FIELDS}
    return _propose(request, known, RuleForm(request.POST or None, initial=initial))


@retention_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_type(request: AgentRequest) -> HttpResponse:
    """A new type of documents, with its duration."""
    return _propose(request, None, NewTypeForm(request.POST or None))


def _propose(request: AgentRequest, known: DocumentType | None, form: RuleForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            schedule.propose_rule(known, form.cleaned_data, by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Règle proposée : elle s’appliquera après le visa de l’archiviste."))
            return HttpResponseRedirect(reverse("documents:retention"), status=303)
    context = {"form": form, "known": known}
    return render(request, "documents/rule.html", context, status=422 if form.errors else 200)


@retention_only
@require_POST
@step_up_required
def decide(request: AgentRequest, change_id: UUID) -> HttpResponse:
    """The archivist's visa on a rule, or its refusal."""
    change = rule_change_or_404(change_id)
    accepted = request.POST.get("decision") == "sign"
    try:
        schedule.decide_rule(change, accepted=accepted, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Visa donné : la règle s’applique.") if accepted else _("Visa refusé."))
    return HttpResponseRedirect(reverse("documents:retention"), status=303)


@retention_only
@require_safe
def purge_list(request: AgentRequest, purge_id: UUID) -> HttpResponse:
    """The lines of a list, for a spreadsheet."""
    found = purge_or_404(purge_id)
    header = ["type", "matricule", "date", "sort", "résultat", "sha256"]
    rows = [(line[1], line[2], line[3], line[5], line[6] if len(line) > 6 else "", line[4]) for line in found.lines]
    return attachment(csv_text(header, rows).encode(), name=f"echus-{found.pk}.csv", content_type=CSV_TYPE)


@retention_only
@require_safe
def certificate(request: AgentRequest, purge_id: UUID) -> HttpResponse:
    """The certificate of destruction, once the archivist has signed."""
    found = purge_or_404(purge_id)
    if found.done_at is None:
        raise Http404
    return attachment(
        cachet.put_on(destruction_certificate(found), "documents"),
        name=f"certificat-de-destruction-{found.pk}.pdf",
        content_type="application/pdf",
    )


@retention_only
@require_http_methods(["GET", "HEAD", "POST"])
def purge(request: AgentRequest, purge_id: UUID) -> HttpResponse:
    """One list; the archivist signs it, and what is on it and still due goes."""
    found = purge_or_404(purge_id)
    refusal = ""
    if request.method == "POST":
        try:
            count = purging.sign_and_remove(found, by=request.agent, request=request)
            messages.success(
                request,
                ngettext(
                    "%(count)s document supprimé ; la liste reste comme preuve.",
                    "%(count)s documents supprimés ; la liste reste comme preuve.",
                    count,
                )
                % {"count": count},
            )
            return HttpResponseRedirect(reverse("documents:purge", args=[found.pk]), status=303)
        except Refusal as error:
            refusal = error.message
    context = {"found": found, "signs": may_sign(request.agent) and not found.done_at, "refusal": refusal}
    return render(request, "documents/purge.html", context, status=422 if refusal else 200)
