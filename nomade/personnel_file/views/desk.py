"""Requests with documents, for the desk that answers them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.models import CaseState
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.personnel_file.access_requests import desk_request, desk_requests, desks_only, still_waiting, with_messages
from nomade.personnel_file.actions import deciding
from nomade.personnel_file.forms.changes import DecisionForm
from nomade.personnel_file.models import ChangeRequest, Subject
from nomade.personnel_file.reading import inscribe
from nomade.personnel_file.rules.matrix import Section
from nomade.personnel_file.secrets import wanted_by
from nomade.personnel_file.subjects import one_line
from nomade.personnel_file.views.requested import capacity, request_shown

SHOWN = 50


@desks_only
@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """What waits, by subject and age, the old and the new side by side."""
    chosen = request.GET.get("sujet", "")
    mine = desk_requests(request.agent)
    waiting = still_waiting(mine)
    if chosen in Subject.values:
        waiting = waiting.filter(subject=chosen)
    found = list(with_messages(waiting)[:SHOWN])
    done = mine.exclude(state=CaseState.SUBMITTED).order_by("-answered_at", "-submitted_at")
    context = {
        "rows": [(one, *_sides(one)) for one in found],
        "total": waiting.count(),
        "done": list(done[:20]),
        "subjects": Subject.choices,
        "chosen": chosen,
        "today_is": today(),
    }
    audit.record("file.requests_listed", actor=request.agent.pk, subject=None, request=request, count=len(found))
    return render(request, "personnel_file/desk.html", context)


def _sides(asked: ChangeRequest) -> tuple[str, str]:
    subject, wanted = Subject(asked.subject), wanted_by(asked)
    return one_line(subject, wanted.before), one_line(subject, wanted.after)


@desks_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """One request: accept from a day on, refuse with a reason, or ask for one more document."""
    asked = desk_request(request.agent, request_id)
    form = None
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                messages.success(request, _act(request, asked, form))
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
                asked = desk_request(request.agent, request_id)
            else:
                return HttpResponseRedirect(reverse("personnel_file:desk"), status=303)
    else:
        inscribe(request.agent, asked.owner, role=capacity(asked), sections=[Section.REQUEST], http=request)
    return request_shown(request, asked, handles=True, form=form, status=422 if form and form.errors else 200)


def _act(request: AgentRequest, asked: ChangeRequest, form: DecisionForm) -> str:
    data = form.cleaned_data
    common = {"by": request.agent, "version": data["version"], "http": request}
    if data["decision"] == "refuse":
        deciding.refuse(asked, reason=data["reason"], **common)
        return _("Changement refusé : l’agent lira le motif.")
    if data["decision"] == "ask":
        deciding.ask_document(asked, missing=data["missing"], **common)
        return _("La pièce est demandée à l’agent.")
    deciding.approve(asked, effective_on=data["effective_on"], **common)
    return _("Changement accepté pour %(name)s.") % {"name": asked.owner.full_name}


@desks_only
@require_POST
def approve_several(request: AgentRequest) -> HttpResponse:
    """Accepts the requests that are ticked; each that cannot be is named."""
    ticked = []
    for value in request.POST.getlist("demande")[:SHOWN]:
        pk, _colon, version = value.partition(":")
        found = desk_requests(request.agent).filter(pk=pk).first() if _is_uuid(pk) else None
        if found is not None and version.isdigit():
            ticked.append((found, int(version)))
    if not ticked:
        messages.error(request, _("Cochez au moins une demande."))
        return HttpResponseRedirect(reverse("personnel_file:desk"), status=303)
    done, refused = deciding.approve_many(ticked, by=request.agent, http=request)
    if done:
        sentence = ngettext("%(count)s changement accepté.", "%(count)s changements acceptés.", done)
        messages.success(request, sentence % {"count": done})
    for sentence in refused:
        messages.error(request, sentence)
    return HttpResponseRedirect(reverse("personnel_file:desk"), status=303)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
