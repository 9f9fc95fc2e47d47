"""What supervisors and the training office decide, one by one or many at once, and the team's trainings."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.people.access import supervised_by
from nomade.people.http import AgentRequest
from nomade.training import access, papers, people_access
from nomade.training.actions import enrolments, outside
from nomade.training.forms import RefuseForm, RefuseManyForm
from nomade.training.history import opinions_missing
from nomade.training.models import Enrolment, EnrolmentState, OutsideRequest, Seat
from nomade.training.standing import owed_by
from nomade.training.views.requested import enrolment_shown, outside_shown
from nomade.training.warnings import warnings_of_many

SHOWN = 100


@require_safe
def to_decide(request: AgentRequest) -> HttpResponse:
    """What waits for me, the nearest promise first."""
    context = {
        "enrolments": list(access.enrolments_to_decide(request.agent)[:SHOWN]),
        "outside": list(access.outside_to_decide(request.agent)[:SHOWN]),
        "today_is": today(),
    }
    return render(request, "training/to_decide.html", context)


@require_POST
def approve_many(request: AgentRequest) -> HttpResponse:
    """Says yes to those that are ticked; those that moved meanwhile are named and left."""
    waiting, versions = _ticked(request)

    def yes(found: Enrolment) -> None:
        enrolments.approve(found, by=request.agent, version=versions[found.pk], request=request)

    done = _each(request, waiting, yes)
    if done:
        said = ngettext("%(count)s demande acceptée.", "%(count)s demandes acceptées.", done)
        messages.success(request, said % {"count": done})
    return HttpResponseRedirect(reverse("training:to-decide"), status=303)


@require_POST
def refuse_many(request: AgentRequest) -> HttpResponse:
    """Says no to those that are ticked, with one reason and one rule, once they were shown again; those that moved
    meanwhile, and those that want the opinion of the CAP first, are named and left.
    """
    waiting, versions = _ticked(request)
    if not waiting:
        return HttpResponseRedirect(reverse("training:to-decide"), status=303)
    sent = request.POST.get("step") == "refuse"
    form = RefuseManyForm(request.POST) if sent else RefuseManyForm()
    if sent and form.is_valid():
        data = form.cleaned_data

        def no(found: Enrolment) -> None:
            enrolments.refuse(
                found, reason=data["reason"], rule=data["rule"], opinion_on=None, by=request.agent,
                version=versions[found.pk], request=request,
            )  # fmt: skip

        done = _each(request, waiting, no)
        if done:
            said = ngettext("%(count)s demande refusée.", "%(count)s demandes refusées.", done)
            messages.success(request, said % {"count": done})
        return HttpResponseRedirect(reverse("training:to-decide"), status=303)
    lines = [(one, f"{one.pk}:{versions[one.pk]}") for one in waiting]
    context = {"lines": lines, "form": form, "missing": opinions_missing(waiting)}
    return render(request, "training/refuse_many.html", context, status=422 if form.errors else 200)


def _ticked(request: AgentRequest) -> tuple[list[Enrolment], dict[UUID, int]]:
    """Those that are ticked and wait for me, and the version of each that was on the page; says when there is none."""
    wanted = {key.partition(":")[0]: key.partition(":")[2] for key in request.POST.getlist("chosen")}
    waiting = [one for one in access.enrolments_to_decide(request.agent) if str(one.pk) in wanted]
    if not waiting:
        messages.error(request, _("Cochez au moins une demande qui vous attend."))
    texts = {one.pk: wanted[str(one.pk)] for one in waiting}
    return waiting, {key: int(text) if text.isdigit() else 0 for key, text in texts.items()}


def _each(request: AgentRequest, waiting: list[Enrolment], act: Callable[[Enrolment], object]) -> int:
    """Does it for each; what is refused is said with the name. Returns for how many it was done."""
    done = 0
    for found in waiting:
        try:
            act(found)
        except Refusal as refusal:
            messages.error(request, f"{found.owner.full_name}\N{NO-BREAK SPACE}: {refusal.message}")
        else:
            done += 1
    return done


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """One request: what it is, what stands in the way, yes or no."""
    found = access.enrolment_to_read(request.agent, enrolment_id)
    form = RefuseForm(request.POST) if request.method == "POST" else RefuseForm()
    if request.method == "POST":
        answer = _answered(request, found, form)
        if answer is not None:
            return answer
    return enrolment_shown(request, found, handles=True, form=form, status=422 if form.errors else 200)


def _answered(request: AgentRequest, found: Enrolment, form: RefuseForm) -> HttpResponse | None:
    """What the press on a button did, or None when the form has to be shown again."""
    refuses = request.POST.get("decision") == "refuse"
    if refuses and not form.is_valid():
        return None
    version = _version(request)
    try:
        _check_waits(access.enrolments_to_decide(request.agent).filter(pk=found.pk).exists(), found)
        if refuses:
            data = form.cleaned_data
            enrolments.refuse(
                found, reason=data["reason"], rule=data["rule"], opinion_on=data["opinion_on"], by=request.agent,
                version=version, request=request,
            )  # fmt: skip
        else:
            enrolments.approve(found, by=request.agent, version=version, request=request)
    except Refusal as refusal:
        form.errors.clear()
        form.add_error(refusal.field or None, refusal.message)
        return None
    messages.success(request, _("Demande refusée, l’agent est prévenu.") if refuses else _("Demande acceptée."))
    return HttpResponseRedirect(reverse("training:to-decide"), status=303)


def _check_waits(waits: bool, found: Enrolment | OutsideRequest) -> None:
    """Raises `Refusal` for a request that does not wait for this person."""
    if waits:
        return
    if found.decided_by:
        raise Refusal(_("Cette demande a déjà été traitée par %(name)s.") % {"name": found.decided_by.full_name})
    raise Refusal(_("Cette demande n’attend pas votre réponse."))


def _version(request: AgentRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else 0


@require_http_methods(["GET", "HEAD", "POST"])
def decide_outside(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """A request outside the catalogue: yes, with the hours of the personal account, or no."""
    found = access.outside_request_to_read(request.agent, request_id)
    form = RefuseForm(request.POST) if request.method == "POST" else RefuseForm()
    if request.method == "POST":
        answer = _answered_outside(request, found, form)
        if answer is not None:
            return answer
    return outside_shown(request, found, handles=True, form=form, status=422 if form.errors else 200)


def _answered_outside(request: AgentRequest, found: OutsideRequest, form: RefuseForm) -> HttpResponse | None:
    refuses = request.POST.get("decision") == "refuse"
    if refuses and not form.is_valid():
        return None
    hours = request.POST.get("cpf_hours", "").replace(",", ".")
    try:
        _check_waits(access.outside_to_decide(request.agent).filter(pk=found.pk).exists(), found)
        if refuses:
            data = form.cleaned_data
            outside.refuse(
                found, reason=data["reason"], rule=data["rule"], opinion_on=data["opinion_on"], by=request.agent,
                version=_version(request), request=request,
            )  # fmt: skip
        else:
            outside.approve(
                found, by=request.agent, version=_version(request), cpf_hours=outside.hours_in(hours), request=request
            )
    except Refusal as refusal:
        form.errors.clear()
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, _("Demande refusée, l’agent est prévenu.") if refuses else _("Demande acceptée."))
    return HttpResponseRedirect(reverse("training:to-decide"), status=303)


@require_safe
def decide_outside_file(request: AgentRequest, request_id: UUID) -> HttpResponse:
    """The quote of a request that one follows."""
    found = access.outside_request_to_decide(request.agent, request_id)
    if found.quote is None:
        raise Http404
    return attachment(store.read(found.quote), name=found.quote.name, content_type=found.quote.content_type)


@require_safe
def convocation(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """The convocation and mission order of somebody one follows, to print for who has no mail."""
    found = access.enrolment_to_decide(request.agent, enrolment_id)
    if found.state != EnrolmentState.APPROVED or found.seat != Seat.HELD:
        raise Http404
    name = f"convocation-{found.session.reference}.pdf"
    return attachment(papers.convocation(found), name=name, content_type="application/pdf")


@require_safe
def team(request: AgentRequest) -> HttpResponse:
    """The trainings of the team, and what each member must follow."""
    people = list(supervised_by(request.agent).order_by("sort_name"))
    context = {
        "enrolments": list(access.team_enrolments(request.agent)[:SHOWN]),
        "standings": owed_by(people, today()),
        "people": people[:SHOWN],
        "later": people_access.team_later(request.agent),
        "heads": people_access.heads_units(request.agent),
    }
    return render(request, "training/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enrol_team(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """A supervisor enrols some of the team at once; it is told to each."""
    found = access.session_for(request.agent, session_id)
    people = supervised_by(request.agent).order_by("sort_name")
    refusal = ""
    if request.method == "POST":
        chosen = [int(text) for text in request.POST.getlist("agent") if text.isdigit()]
        agents = list(people.filter(pk__in=chosen))
        wish = enrolments.Wish(request.POST.get("reason", "")[:1000].strip())
        try:
            made = enrolments.enrol_many(found, agents, wish, by=request.agent, as_office=False, request=request)
        except Refusal as error:
            refusal = error.message
        else:
            messages.success(request, enrolments.enrolled_words(made))
            return HttpResponseRedirect(reverse("training:team"), status=303)
    shown = list(people[:SHOWN])
    already = set(found.enrolments.alive().values_list("owner_id", flat=True))
    context = {
        "session": found,
        "people": shown,
        "warnings": warnings_of_many(shown, found, list(found.slots.all())),
        "already": already,
        "chosen": request.POST.getlist("agent"),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
    }
    return render(request, "training/enrol_team.html", context, status=422 if refusal else 200)
