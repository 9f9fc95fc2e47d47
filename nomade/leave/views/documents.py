"""Supporting documents of a request: added by its owner, read by the owner and HR."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.files import store
from nomade.files.http import attachment
from nomade.files.uploads import check_all
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.leave import actions
from nomade.leave.access import document_for, requests_of
from nomade.leave.models import LIVING_STATES
from nomade.people.http import AgentRequest

MOST = 3


@require_safe
def document(request: AgentRequest, document_id: uuid.UUID) -> HttpResponse:
    """One document, as a file to keep; each reading is written in the journal."""
    found = document_for(request.agent, document_id)
    content = store.read(found.file)
    audit.record(
        "leave.document_read",
        actor=request.agent.pk,
        subject=found.request.owner_id,
        request=request,
        document=str(found.pk),
    )
    return attachment(content, name=found.file.name, content_type=found.file.content_type)


@require_POST
def add(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
    """Adds documents to one's own request."""
    leave = requests_of(request.agent).filter(pk=request_id, state__in=LIVING_STATES).first()
    if leave is None:
        raise Http404
    try:
        files = check_all(request.FILES.getlist("documents"), most=MOST)
        actions.add_documents(leave, files, http=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("La pièce est enregistrée."))
    return HttpResponseRedirect(reverse("leave:request", args=[leave.pk]), status=303)
