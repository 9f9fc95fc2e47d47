"""« Formations » as an agent sees them: the catalogue, a session, one's own enrolments."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.cases.idempotency import new_form_token
from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.hosts import absolute_url
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.training import access, papers, people_access
from nomade.training.actions import attendance, catalogue, enrolments
from nomade.training.actions.seats import quota_for
from nomade.training.agenda import calendar_of
from nomade.training.catalogue import Wanted, found_for, is_for
from nomade.training.forms import AskForm, EvaluationForm, FilterForm
from nomade.training.models import CourseKind, Domain, Enrolment, EnrolmentState, Modality, Priority, Seat
from nomade.training.standing import owed_by
from nomade.training.views.requested import enrolment_shown
from nomade.training.warnings import warnings_for

PAGE = 20
SHOWN = 60


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The catalogue, searched as one types, with its facets."""
    form = FilterForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    wanted = Wanted(
        data.get("q", "").strip(), data.get("domain", ""), data.get("kind", ""), data.get("modality", ""),
        data.get("show", ""),
    )  # fmt: skip
    found = found_for(request.agent, wanted, today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "query": query.urlencode(),
        "wanted": wanted,
        "domains": list(Domain.objects.all()),
        "kinds": CourseKind.choices,
        "modalities": Modality.choices,
        "shows": form.fields["show"].choices,  # type: ignore[attr-defined]
        "dated": access.with_dates(page, today()),
        "new": {course.pk for course in page if access.is_new(course, today())},
        "officer": access.is_officer(request.agent),
        "trainer": access.is_trainer(request.agent),
        "leads": access.leads(request.agent),
    }
    return render(request, "training/index.html", context, block="results")


@require_safe
def course(request: AgentRequest, course_id: UUID) -> HttpResponse:
    """A course, and its sessions to come."""
    found = access.course_for(request.agent, course_id)
    sessions = list(access.coming_sessions(found, today())[:SHOWN])
    mine = {one.session_id: one for one in Enrolment.objects.alive().filter(owner=request.agent, session__in=sessions)}
    context = {
        "course": found,
        "sessions": sessions,
        "mine": mine,
        "kept": found.favourites.filter(agent=request.agent).exists(),
        "documents": list(found.documents.all()),
        "for_me": is_for(found, access.post_of(request.agent)),
        "officer": access.is_officer(request.agent),
    }
    return render(request, "training/course.html", context)


@require_safe
def course_file(request: AgentRequest, course_id: UUID, file_id: UUID) -> HttpResponse:
    """A document of a course."""
    file = access.course_for(request.agent, course_id).documents.filter(pk=file_id).first()
    if file is None:
        raise Http404
    return attachment(store.read(file), name=file.name, content_type=file.content_type)


@require_safe
def session_file(request: AgentRequest, session_id: UUID, file_id: UUID) -> HttpResponse:
    """A document of a session."""
    file = access.session_file(request.agent, session_id, file_id)
    return attachment(store.read(file), name=file.name, content_type=file.content_type)


@require_POST
def favourite(request: AgentRequest, course_id: UUID) -> HttpResponse:
    """Keeps a course among one's favourites, or no longer."""
    found = access.course_for(request.agent, course_id)
    kept = request.POST.get("keep") == "1"
    catalogue.keep_favourite(request.agent, found, kept=kept)
    messages.success(request, _("Ajoutée à vos favorites.") if kept else _("Retirée de vos favorites."))
    return HttpResponseRedirect(reverse("training:course", args=[found.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """A session: when, where, what stands in the way, and the one button to ask for it."""
    found = access.session_for(request.agent, session_id)
    initial = {"form_token": new_form_token(), "priority": Priority.USEFUL}
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wish = enrolments.Wish(data["reason"].strip(), data["priority"], data["needs"].strip())
        try:
            asked = enrolments.ask(request.agent, found, wish, token=data["form_token"], request=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Demande envoyée."))
            return HttpResponseRedirect(reverse("training:enrolment", args=[asked]), status=303)
    slots = list(found.slots.all())
    context = {
        "session": found,
        "slots": slots,
        "place": papers.place_of(found, slots),
        "mine": Enrolment.objects.alive().filter(owner=request.agent, session=found).first(),
        "warnings": warnings_for(request.agent, found, slots),
        "closed": found.state != "open" or found.enrol_until < today(),
        "left": max(found.max_seats - found.taken, 0),
        "quota": quota_for(request.agent, found),
        "documents": list(found.documents.all()) if access.opens_documents(request.agent, found) else [],
        "form": form,
        "officer": access.is_officer(request.agent),
        "leads": access.leads(request.agent),
    }
    return render(request, "training/session.html", context, status=422 if form.errors else 200)


@require_safe
def mine(request: AgentRequest) -> HttpResponse:
    """One's own trainings: to come, asked, followed, outside the catalogue, and what one holds."""
    found = list(access.enrolments_of(request.agent).select_related("credit", "evaluation")[:SHOWN])
    beyond = list(access.outside_of(request.agent)[:SHOWN])
    context = {
        "enrolments": found,
        "outside": beyond,
        "granted": sum((one.cpf_hours for one in beyond if one.state == "approved" and one.cpf_hours), Decimal(0)),
        "held": people_access.habilitations_of(request.agent),
        "owed": owed_by([request.agent], today()),
        "later": people_access.later_to_answer(request.agent),
        "today_is": today(),
    }
    return render(request, "training/mine.html", context)


@require_safe
def enrolment(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """Where one request stands, and what can be done of it."""
    return enrolment_shown(request, access.enrolment_of(request.agent, enrolment_id), handles=False)


@require_POST
def cancel(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """The agent withdraws."""
    found = access.enrolment_of(request.agent, enrolment_id)
    try:
        enrolments.cancel(found, by=request.agent, reason=request.POST.get("reason", "")[:400], request=request)
    except Refusal as refusal:
        return enrolment_shown(request, found, handles=False, refusal=refusal.message, status=422)
    messages.success(request, _("Inscription annulée : votre place sert à la personne suivante."))
    return HttpResponseRedirect(reverse("training:enrolment", args=[found.pk]), status=303)


@require_POST
def answer(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """Takes the seat that came free, or leaves it."""
    found = access.enrolment_of(request.agent, enrolment_id)
    accepts = request.POST.get("answer") == "yes"
    try:
        enrolments.answer_offer(found, accepts=accepts, by=request.agent, request=request)
    except Refusal as refusal:
        return enrolment_shown(request, found, handles=False, refusal=refusal.message, status=422)
    messages.success(request, _("Votre place est réservée.") if accepts else _("Place laissée à la personne suivante."))
    return HttpResponseRedirect(reverse("training:enrolment", args=[found.pk]), status=303)


def _coming(request: AgentRequest, enrolment_id: UUID) -> Enrolment:
    found = access.enrolment_of(request.agent, enrolment_id)
    if found.state != EnrolmentState.APPROVED or found.seat != Seat.HELD:
        raise Http404
    return found


@require_safe
def convocation(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """The convocation and the mission order, to print."""
    found = _coming(request, enrolment_id)
    name = f"convocation-{found.session.reference}.pdf"
    return attachment(papers.convocation(found), name=name, content_type="application/pdf")


@require_safe
def agenda(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """The dates, for the calendar of one's telephone."""
    found = _coming(request, enrolment_id)
    name = f"formation-{found.session.reference}.ics"
    page = absolute_url("portal", "training:enrolment", found.pk)
    return attachment(calendar_of(found.session, page), name=name, content_type="text/calendar; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """What one thought of it, once it is over."""
    found = access.enrolment_of(request.agent, enrolment_id)
    credit = getattr(found, "credit", None)
    if credit is None or not credit.minutes:
        raise Http404
    form = EvaluationForm(request.POST) if request.method == "POST" else EvaluationForm(initial=_marks(found))
    if request.method == "POST" and form.is_valid():
        marks = {name: form.cleaned_data[name] for name in ("goals", "content", "trainer", "usefulness")}
        attendance.evaluate(found, marks, form.cleaned_data["comment"], by=request.agent)
        messages.success(request, _("Merci de votre avis."))
        return HttpResponseRedirect(reverse("training:mine"), status=303)
    status = 422 if form.errors else 200
    return render(request, "training/evaluate.html", {"enrolment": found, "form": form}, status=status)


def _marks(found: Enrolment) -> dict[str, object]:
    known = getattr(found, "evaluation", None)
    names = ("goals", "content", "trainer", "usefulness", "comment")
    return {name: getattr(known, name) for name in names} if known else {}
