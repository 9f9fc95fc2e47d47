"""How long each type is kept, and the removal of what is over: a list, a visa, a proof."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nomade.documents.access import may_sign, purge_or_404, purges, retention_only
from nomade.documents.actions import purging
from nomade.documents.models import DocumentType
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
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
    context = {
        "types": list(DocumentType.objects.order_by("label")),
        "purges": list(purges().defer("lines")[:SHOWN]),
        "refusal": refusal,
    }
    return render(request, "documents/retention.html", context, status=422 if refusal else 200)


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
                request, _("%(count)s documents supprimés ; la liste reste comme preuve.") % {"count": count}
            )
            return HttpResponseRedirect(reverse("documents:purge", args=[found.pk]), status=303)
        except Refusal as error:
            refusal = error.message
    context = {"found": found, "signs": may_sign(request.agent) and not found.done_at, "refusal": refusal}
    return render(request, "documents/purge.html", context, status=422 if refusal else 200)
