"""The days of a session, for who teaches it: the list to tick, the sheet to print, what people thought of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files.http import attachment
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.hosts import absolute_url
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.training import access, papers
from nomade.training.actions import attendance, sessions
from nomade.training.agenda import calendar_of
from nomade.training.figures import later_opinions_of, opinions_of
from nomade.training.models import Attendance, Enrolment, SessionState, Slot, TrainingSession
from nomade.training.people_forms import DocumentsForm

SHOWN = 60


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The sessions that I teach."""
    taught = list(access.sessions_taught_by(request.agent)[:SHOWN])
    if not taught:
        raise Http404
    return render(request, "training/teaching.html", {"sessions": taught, "today_is": today()})


@require_safe
def session(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """One session: its half-days, who comes, its end."""
    return _session(request, access.taught_session(request.agent, session_id))


def _session(request: AgentRequest, found: TrainingSession, *, refusal: str = "", status: int = 200) -> HttpResponse:
    slots = list(found.slots.all())
    people = list(access.participants(found))
    noted = set(Attendance.objects.filter(slot__in=slots).values_list("slot_id", flat=True))
    context = {
        "session": found,
        "slots": slots,
        "noted": noted,
        "place": papers.place_of(found, slots),
        "people": people,
        "certified": any(hasattr(one, "credit") and one.credit.certificate for one in people),
        "opinions": opinions_of(found),
        "later": later_opinions_of(found),
        "documents": list(found.documents.all()),
        "form": DocumentsForm(),
        "today_is": today(),
        "may_close": found.state == SessionState.OPEN and slots and slots[-1].day <= today(),
        "refusal": refusal,
    }
    return render(request, "training/taught_session.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: AgentRequest, session_id: UUID, slot_id: int) -> HttpResponse:
    """The list of one half-day, to tick on a telephone."""
    found = access.taught_session(request.agent, session_id)
    slot = next((one for one in found.slots.all() if one.pk == slot_id), None)
    if slot is None:
        raise Http404
    people = list(access.participants(found))
    refusal = ""
    if request.method == "POST":
        try:
            noted = {str(one.pk): _noted(request, str(one.pk)) for one in people}
            attendance.note_slot(found, slot, noted, by=request.agent, request=request)
        except Refusal as error:
            refusal = error.message
        else:
            messages.success(request, _("Liste enregistrée."))
            return HttpResponseRedirect(reverse("training:taught-session", args=[found.pk]), status=303)
    context = {"session": found, "slot": slot, "lines": _lines(request, people, slot), "refusal": refusal}
    return render(request, "training/sheet.html", context, status=422 if refusal else 200)


def _noted(request: AgentRequest, key: str) -> attendance.Noted:
    presence = request.POST.get(f"presence-{key}", "")
    if presence not in Attendance.Presence.values:
        raise Refusal(_("Dites pour chacun s’il était là."))
    minutes = request.POST.get(f"minutes-{key}", "")
    if presence == Attendance.Presence.PARTIAL and not minutes.isdigit():
        raise Refusal(_("Pour une présence partielle, écrivez le nombre de minutes."))
    reason = request.POST.get(f"reason-{key}", "").strip()[:200]
    return attendance.Noted(presence, int(minutes) if minutes.isdigit() else 0, reason)


def _lines(request: AgentRequest, people: list[Enrolment], slot: Slot) -> list[dict[str, object]]:
    known = {one.enrolment_id: one for one in Attendance.objects.filter(slot=slot)}
    lines: list[dict[str, object]] = []
    for one in people:
        noted = known.get(one.pk)
        lines.append(
            {
                "key": str(one.pk),
                "name": one.owner.full_name,
                "initials": one.owner.initials,
                "presence": request.POST.get(f"presence-{one.pk}", noted.presence if noted else "full"),
                "minutes": request.POST.get(f"minutes-{one.pk}", noted.minutes if noted else ""),
                "reason": request.POST.get(f"reason-{one.pk}", noted.reason if noted else ""),
            }
        )
    return lines


@require_safe
def paper(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The list to sign, to print."""
    found = access.taught_session(request.agent, session_id)
    name = f"emargement-{found.reference}.pdf"
    return attachment(papers.sheet(found), name=name, content_type="application/pdf")


@require_safe
def agenda(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The dates, for the calendar of who teaches."""
    found = access.taught_session(request.agent, session_id)
    page = absolute_url("portal", "training:taught-session", found.pk)
    name = f"formation-{found.reference}.ics"
    return attachment(calendar_of(found, page), name=name, content_type="text/calendar; charset=utf-8")


@require_POST
def documents(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """Adds documents for who follows the session."""
    found = access.taught_session(request.agent, session_id)
    form = DocumentsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _session(request, found, refusal=" ".join(map(str, form.errors["documents"])), status=422)
    sessions.keep_documents(found, form.cleaned_data["documents"], by=request.agent, request=request)
    messages.success(request, _("Document joint."))
    return HttpResponseRedirect(reverse("training:taught-session", args=[found.pk]), status=303)


@require_POST
def drop_document(request: AgentRequest, session_id: UUID, file_id: UUID) -> HttpResponse:
    """Takes a document away."""
    found = access.taught_session(request.agent, session_id)
    file = found.documents.filter(pk=file_id).first()
    if file is None:
        raise Http404
    sessions.drop_document(found, file, by=request.agent, request=request)
    messages.success(request, _("Document retiré."))
    return HttpResponseRedirect(reverse("training:taught-session", args=[found.pk]), status=303)


@require_safe
def certificates(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The certificates of the whole class, to print, once the session is over."""
    found = access.taught_session(request.agent, session_id)
    credited = [one.credit for one in access.participants(found) if hasattr(one, "credit") and one.credit.certificate]
    if not credited:
        raise Http404
    name = f"attestations-{found.reference}.pdf"
    return attachment(papers.class_certificates(credited), name=name, content_type="application/pdf")


@require_POST
def close(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The session is over: hours and certificates for the whole class."""
    found = access.taught_session(request.agent, session_id)
    try:
        made = attendance.close(found, by=request.agent, request=request)
    except Refusal as refusal:
        return _session(request, found, refusal=refusal.message, status=422)
    said = ngettext("Session terminée : %(count)s attestation.", "Session terminée : %(count)s attestations.", made)
    messages.success(request, said % {"count": made})
    return HttpResponseRedirect(reverse("training:taught-session", args=[found.pk]), status=303)
