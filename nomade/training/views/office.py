"""The training office: catalogue, sessions, lists, circuits, rooms, obligations and figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files.http import attachment
from nomade.files.tables import table_response
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import agents_in_perimeter
from nomade.people.http import AgentRequest
from nomade.people.roles import Role
from nomade.training import access, papers
from nomade.training.actions import catalogue, enrolments, sessions
from nomade.training.actions.enrolments import enrolled_words
from nomade.training.forms import CourseForm, ImportForm, SessionForm
from nomade.training.importing import COLUMNS, ReadCatalogue, read_catalogue
from nomade.training.models import Course, Enrolment, EnrolmentState, Half, Seat, TrainingSession

PAGE = 30
SHOWN = 200


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """The sessions of a list, those to come unless said, and the doors to the rest."""
    access.officer_or_404(request.agent)
    query = request.GET.get("q", "").strip()[:80]
    which = request.GET.get("liste", "")
    which = which if which in access.SESSION_LISTS else "a-venir"
    found = access.sessions_listed(which, today()).select_related("course")
    if query:
        found = found.filter(course__title__icontains=query) | found.filter(reference__iexact=query)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "training/office.html",
        {"page": page, "query": query, "which": which, "lists": access.SESSION_LISTS.items()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: AgentRequest) -> HttpResponse:
    """A course of the catalogue."""
    access.officer_or_404(request.agent)
    return _course(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_course(request: AgentRequest, course_id: UUID) -> HttpResponse:
    """Changes a course."""
    access.officer_or_404(request.agent)
    return _course(request, access.course_for(request.agent, course_id))


def _course(request: AgentRequest, course: Course | None) -> HttpResponse:
    if request.method == "POST":
        form = CourseForm(request.POST, request.FILES, instance=course)
    else:
        form = CourseForm(instance=course)
    if request.method == "POST" and form.is_valid():
        try:
            written = form.save(commit=False)
            catalogue.write_course(written, by=request.agent, files=form.cleaned_data["attached"], request=request)
        except Refusal as refusal:
            form.add_error("attached", refusal.message)
        else:
            messages.success(request, _("Formation enregistrée."))
            return HttpResponseRedirect(reverse("training:course", args=[written.pk]), status=303)
    documents = list(course.documents.all()) if course else []
    context = {"form": form, "course": course, "documents": documents}
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: AgentRequest, course_id: UUID) -> HttpResponse:
    """Plans a session."""
    access.officer_or_404(request.agent)
    course = access.course_for(request.agent, course_id)
    form = SessionForm(request.POST) if request.method == "POST" else SessionForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = sessions.plan(course, _plan(form), by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Session %(reference)s ouverte.") % {"reference": made.reference})
            return HttpResponseRedirect(reverse("training:enrolled", args=[made.pk]), status=303)
    context = {"form": form, "course": course, "session": None}
    return render(request, "training/session_form.html", context, status=422 if form.errors else 200)


def _plan(form: SessionForm) -> sessions.Plan:
    data = form.cleaned_data
    names = ("room", "max_seats", "min_seats", "enrol_until", "withdraw_days", "accept_hours", "place", "notes")
    return sessions.Plan(
        halves=data["days"],
        trainers=data["trainers"],
        quotas=data["quotas"],
        outside_trainers=data["outside_trainers"],
        **{name: data[name] for name in names},
    )


def _session_or_404(request: AgentRequest, session_id: UUID) -> TrainingSession:
    access.officer_or_404(request.agent)
    return access.session_for(request.agent, session_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_session(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """Changes a session; new dates are told to all who asked."""
    found = _session_or_404(request, session_id)
    form = SessionForm(request.POST) if request.method == "POST" else SessionForm(initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            moved = sessions.change(found, _plan(form), by=request.agent, request=request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            said = _("Session changée : les inscrits sont prévenus des nouvelles dates.")
            messages.success(request, said if moved else _("Session changée."))
            return HttpResponseRedirect(reverse("training:enrolled", args=[found.pk]), status=303)
    context = {"form": form, "course": found.course, "session": found}
    return render(request, "training/session_form.html", context, status=422 if form.errors else 200)


def _initial(found: TrainingSession) -> dict[str, Any]:
    slots = list(found.slots.all())
    names = ("max_seats", "min_seats", "enrol_until", "withdraw_days", "accept_hours", "place", "notes")
    quotas = found.quotas.select_related("unit")
    return {
        **{name: getattr(found, name) for name in (*names, "outside_trainers")},
        "room": slots[0].room_id if slots else None,
        "days": "\n".join(_days_words(slots)),
        "trainers": " ".join(trainer.agent.matricule for trainer in found.trainers.all()),
        "quotas": "\n".join(f"{quota.unit.path} {quota.seats}" for quota in quotas),
    }


def _days_words(slots: list[Any]) -> list[str]:
    days: dict[date, set[Half]] = {}
    for slot in slots:
        days.setdefault(slot.day, set()).add(Half(slot.half))
    words = {frozenset({Half.MORNING}): " matin", frozenset({Half.AFTERNOON}): " après-midi"}
    return [f"{day:%d/%m/%Y}{words.get(frozenset(halves), '')}" for day, halves in sorted(days.items())]


@require_http_methods(["GET", "HEAD", "POST"])
def enrolled(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """Who comes, who waits; the office enrols a list of matricules at once."""
    found = _session_or_404(request, session_id)
    refusal, typed = "", request.POST.get("matricules", "")
    if request.method == "POST":
        try:
            made = _enrol_list(request, found, typed)
        except Refusal as error:
            refusal = error.message
        else:
            messages.success(request, enrolled_words(made))
            return HttpResponseRedirect(reverse("training:enrolled", args=[found.pk]), status=303)
    people = list(found.enrolments.select_related("owner").order_by("rank")[:SHOWN])
    ours = access.in_perimeter(request.agent, [one.owner_id for one in people])
    come = [one.owner for one in people if one.state == EnrolmentState.APPROVED and one.seat == Seat.HELD]
    comers = [owner for owner in come if owner.pk in ours]
    context = {
        "comers": len(comers),
        "unmailed": sum(not owner.has_mailbox for owner in comers),
        "session": found,
        "slots": list(found.slots.all()),
        "people": people,
        "ours": ours,
        "typed": typed,
        "refusal": refusal,
        "later": 7,
    }
    return render(request, "training/enrolled.html", context, status=422 if refusal else 200)


def _enrol_list(request: AgentRequest, found: TrainingSession, typed: str) -> list[Enrolment]:
    wanted = typed.replace(",", " ").replace(";", " ").split()
    mine = agents_in_perimeter(request.agent, Role.TRAINING_OFFICER)
    agents = list(mine.filter(matricule__in=wanted).order_by("sort_name"))
    missing = sorted(set(wanted) - {agent.matricule for agent in agents})
    if missing:
        said = ngettext(
            "Aucun agent de votre périmètre ne porte le matricule %(names)s.",
            "Aucun agent de votre périmètre ne porte les matricules %(names)s.",
            len(missing),
        )
        raise Refusal(said % {"names": ", ".join(missing[:10])})
    if not agents:
        raise Refusal(_("Écrivez au moins un matricule."))
    wish = enrolments.Wish(_("Inscription par le service formation"))
    return enrolments.enrol_many(found, agents, wish, by=request.agent, as_office=True, request=request)


@require_POST
def cancel_session(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """Cancels it, and tells all who asked."""
    found = _session_or_404(request, session_id)
    try:
        told = sessions.cancel(found, reason=request.POST.get("reason", "")[:400], by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Session annulée : %(count)s personnes prévenues.") % {"count": told})
    return HttpResponseRedirect(reverse("training:enrolled", args=[found.pk]), status=303)


@require_POST
def remove(request: AgentRequest, session_id: UUID, enrolment_id: UUID) -> HttpResponse:
    """Takes somebody off; they are told why, and the seat is offered to the next one."""
    found = _session_or_404(request, session_id)
    enrolment = access.enrolment_in(request.agent, found, enrolment_id)
    try:
        reason = _reason(request.POST.get("reason", ""))
        enrolments.cancel(enrolment, by=request.agent, reason=reason, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(name)s n’est plus inscrit.") % {"name": enrolment.owner.full_name})
    return HttpResponseRedirect(reverse("training:enrolled", args=[found.pk]), status=303)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal(_("Dites pourquoi : l’agent le lira."))
    return text.strip()[:400]


@require_safe
def convocations(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The convocations and mission orders of who comes, to print: all of my perimeter, or those without a mailbox."""
    found = _session_or_404(request, session_id)
    comers = access.participants(found).filter(owner__in=agents_in_perimeter(request.agent, Role.TRAINING_OFFICER))
    if request.GET.get("qui") == "sans-messagerie":
        comers = comers.filter(owner__has_mailbox=False)
    people = [one.owner for one in comers]
    if not people:
        raise Http404
    content = papers.convocations(found, people)
    return attachment(content, name=f"convocations-{found.reference}.pdf", content_type="application/pdf")


@require_POST
def drop_course_document(request: AgentRequest, course_id: UUID, file_id: UUID) -> HttpResponse:
    """Takes a document of a course away."""
    access.officer_or_404(request.agent)
    course = access.course_for(request.agent, course_id)
    file = course.documents.filter(pk=file_id).first()
    if file is None:
        raise Http404
    catalogue.drop_document(course, file, by=request.agent, request=request)
    messages.success(request, _("Document retiré."))
    return HttpResponseRedirect(reverse("training:edit-course", args=[course.pk]), status=303)


@require_POST
def copy_session(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """The same some days later, empty."""
    found = _session_or_404(request, session_id)
    try:
        days = _days_later(request.POST.get("days", ""))
        made = sessions.copy(found, days_later=days, by=request.agent, request=request)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("training:enrolled", args=[found.pk]), status=303)
    messages.success(request, _("Session %(reference)s ouverte.") % {"reference": made.reference})
    return HttpResponseRedirect(reverse("training:edit-session", args=[made.pk]), status=303)


def _days_later(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 1000:
        raise Refusal(_("Écrivez un nombre de jours, comme 7."))
    return int(text)


@require_http_methods(["GET", "HEAD", "POST"])
def import_courses(request: AgentRequest) -> HttpResponse:
    """Reads a file without writing anything, then writes it when the officer says so."""
    access.officer_or_404(request.agent)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    read: ReadCatalogue | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["document"]
        try:
            read = read_catalogue(file.name, file.read())
        except Refusal as refusal:
            form.add_error("document", refusal.message)
        else:
            if request.POST.get("step") == "write" and not read.faults:
                done = catalogue.import_catalogue(read, by=request.agent, request=request)
                said = _("%(created)s formations créées, %(changed)s changées, %(same)s identiques.")
                messages.success(request, said % vars(done))
                return HttpResponseRedirect(reverse("training:index"), status=303)
    wrong = bool(form.errors) or bool(read and read.faults)
    context = {"form": form, "read": read, "columns": COLUMNS}
    return render(request, "training/import.html", context, status=422 if wrong else 200)


@require_safe
def export_courses(request: AgentRequest, form: str) -> HttpResponse:
    """The catalogue, in the columns that the import reads."""
    access.officer_or_404(request.agent)
    if form not in {"csv", "xlsx"}:
        raise Http404
    courses = Course.objects.select_related("domain", "requires").defer("words", "requires__words")
    rows = [
        [
            one.code, one.title, one.domain.code, one.kind, one.modality, float(one.hours), float(one.cost),
            one.audience, one.prerequisites, one.objectives, one.programme, one.provider, one.accessibility,
            one.posts, one.valid_months, "oui" if one.is_offered else "non",
            one.requires.code if one.requires else "",
        ]
        for one in courses.order_by("code")
    ]  # fmt: skip
    return table_response(f"catalogue-{today():%Y-%m-%d}", COLUMNS, rows, form)


def year_asked(request: AgentRequest) -> tuple[date, date]:
    """The civil year of the address, this one when it is none."""
    text = request.GET.get("annee", "")
    year = int(text) if text.isdigit() and 2000 <= int(text) <= 2100 else today().year
    return date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
